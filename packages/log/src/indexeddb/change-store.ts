/**
 * One short transaction over a store of what is kept beside the records. The lease is checked inside it: once another
 * leads, nothing is changed.
 */
import type { LeaderOptions } from '../exchange.ts'
import { parseLease, supersededBy } from '../lease.ts'
import { type Connection, withConnection } from './connection.ts'
import { LEASE, META } from './database.ts'
import { abortIfOpen, answerOf, endOf } from './request.ts'

/** Under what terms something is changed. */
type Terms = Omit<LeaderOptions, 'signal'>

/** Reads and changes one store in one transaction; `work` awaits nothing but requests. Errors: `SUPERSEDED`. */
export function changeStore<Answer>(
  connection: Connection,
  name: string,
  { epoch, durability = 'relaxed' }: Terms,
  work: (store: IDBObjectStore) => Promise<Answer>,
): Promise<Answer> {
  return withConnection(connection, async (database) => {
    const transaction = database.transaction([META, name], 'readwrite', { durability })
    const end = endOf(transaction)
    try {
      if (epoch !== undefined) await passLease(transaction.objectStore(META), epoch)
      const answer = await work(transaction.objectStore(name))
      await end
      return answer
    } catch (error) {
      end.catch(() => undefined) // told by the error that is thrown here
      abortIfOpen(transaction)
      throw error
    }
  })
}

async function passLease(meta: IDBObjectStore, epoch: number): Promise<void> {
  const superseded = supersededBy(parseLease(await answerOf<unknown>(meta.get(LEASE))), epoch)
  if (superseded) throw superseded
}
