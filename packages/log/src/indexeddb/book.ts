/**
 * What is kept once beside the records: the lease and notes. Each call is one short transaction of its own; a lost answer is
 * found out by trying again, which changes nothing twice.
 */
import type { LeaderOptions, Notes } from '../exchange.ts'
import { freezeJson, type Json } from '../json.ts'
import { type Lease, type LeaseBook, parseLease, supersededBy, takeLease } from '../lease.ts'
import type { Gate } from '../refusals.ts'
import { changeStore } from './change-store.ts'
import { type Connection, withConnection } from './connection.ts'
import { LEASE, META, NOTE } from './database.ts'
import { answerOf } from './request.ts'

/** The lease of a log. */
export function createLease(connection: Connection, gate: Gate): LeaseBook {
  const change = <Answer>(decide: (stored: Lease) => { store?: Lease; answer: Answer }): Promise<Answer> => {
    gate.pass()
    return changeStore(connection, META, {}, async (meta) => {
      const { store, answer } = decide(parseLease(await answerOf<unknown>(meta.get(LEASE))))
      if (store) meta.put(store, LEASE)
      return answer
    })
  }
  return {
    read: async () => change((stored) => ({ answer: stored })),
    take: async (seenEpoch, holder) =>
      change((stored) => {
        const taken = takeLease(stored, seenEpoch, holder)
        return taken ? { store: taken, answer: taken } : { answer: taken }
      }),
    beat: async (epoch) =>
      change((stored) => {
        const superseded = supersededBy(stored, epoch)
        if (superseded) throw superseded
        const store = { ...stored, beat: stored.beat + 1 }
        return { store, answer: store }
      }),
  }
}

/** The notes of a log. */
export function createNotes(connection: Connection, gate: Gate): Notes {
  return {
    get: async (name) => {
      gate.pass()
      const stored = await withConnection(connection, (database) =>
        answerOf<unknown>(
          database
            .transaction(META)
            .objectStore(META)
            .get(NOTE + name),
        ),
      )
      return typeof stored === 'string' ? freezeJson(JSON.parse(stored) as Json) : undefined // written below
    },
    set: async (name, value, options: LeaderOptions = {}) => {
      gate.pass(options.signal)
      await changeStore(connection, META, options, async (meta) => {
        if (value === undefined) meta.delete(NOTE + name)
        else meta.put(JSON.stringify(value), NOTE + name)
      })
    },
  }
}
