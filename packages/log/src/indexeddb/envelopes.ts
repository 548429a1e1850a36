/**
 * Envelopes in the store: a run under its replica and the sequence of its last commit. Runs do not overlap, so that the one
 * that may hold a commit is the first at or behind it.
 */
import { type EnvelopeKey, type EnvelopeRun, encodeRun, envelopeRuns, parseRun } from '../envelopes.ts'
import type { Envelopes } from '../exchange.ts'
import type { ReplicaId } from '../identity.ts'
import type { Gate } from '../refusals.ts'
import { changeStore } from './change-store.ts'
import { type Connection, withConnection } from './connection.ts'
import { ENVELOPES } from './database.ts'
import { answerOf } from './request.ts'

/** What keeping them needs. */
export interface EnvelopesContext {
  readonly connection: Connection
  readonly keyRange: typeof IDBKeyRange
  readonly gate: Gate
}

/** The envelopes of a log. */
export function createEnvelopes({ connection, keyRange, gate }: EnvelopesContext): Envelopes {
  return {
    keep: async (enveloped, options = {}) => {
      gate.pass(options.signal)
      const runs = envelopeRuns(enveloped)
      if (runs.size === 0) return
      await changeStore(connection, ENVELOPES, options, async (store) => {
        for (const [replica, run] of runs) await putRun(store, keyRange, replica, run)
      })
    },
    find: async (ends) => {
      gate.pass()
      if (ends.length === 0) return []
      return withConnection(connection, async (database) => {
        const store = database.transaction(ENVELOPES).objectStore(ENVELOPES)
        return Promise.all(ends.map((end) => findIn(store, keyRange, end)))
      })
    },
  }
}

/** Stores a run together with the entries of those that it overlaps. */
async function putRun(
  store: IDBObjectStore,
  keyRange: typeof IDBKeyRange,
  replica: ReplicaId,
  run: EnvelopeRun,
): Promise<void> {
  const first = Math.min(...run.keys())
  const last = Math.max(...run.keys())
  const within = keyRange.bound(keyOf(replica, first), keyOf(replica, last))
  const [behind] = await answerOf<unknown[]>(store.getAll(atOrBehind(keyRange, replica, last + 1), 1))
  const stored = [...(await answerOf<unknown[]>(store.getAll(within))), behind].map(parseRun)
  const overlapping = stored.filter((other) => Math.min(...other.keys()) <= last)
  const whole = new Map([...overlapping.flatMap((other) => [...other]), ...run])
  const end = Math.max(...whole.keys())
  store.delete(within)
  store.put(encodeRun(whole), keyOf(replica, end))
}

async function findIn(
  store: IDBObjectStore,
  keyRange: typeof IDBKeyRange,
  { replica, lastSequence }: EnvelopeKey,
): Promise<Uint8Array | undefined> {
  const [run] = await answerOf<unknown[]>(store.getAll(atOrBehind(keyRange, replica, lastSequence), 1))
  return parseRun(run).get(lastSequence)
}

function atOrBehind(keyRange: typeof IDBKeyRange, replica: ReplicaId, sequence: number): IDBKeyRange {
  return keyRange.bound(keyOf(replica, sequence), keyOf(replica, Number.MAX_SAFE_INTEGER))
}

/** A replica, and a sequence padded so that strings order as numbers do. */
function keyOf(replica: ReplicaId, sequence: number): string {
  return replica + String(sequence).padStart(16, '0')
}
