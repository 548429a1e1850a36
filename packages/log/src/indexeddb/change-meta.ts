/**
 * One short transaction over what is kept once beside the records.
 */
import { type Connection, withConnection } from './connection.ts'
import { META } from './database.ts'
import { abortIfOpen, endOf } from './request.ts'

/** Reads and changes it in one transaction; `change` awaits nothing but requests. */
export function changeMeta<Answer>(
  connection: Connection,
  durability: 'strict' | 'relaxed',
  change: (meta: IDBObjectStore) => Promise<Answer>,
): Promise<Answer> {
  return withConnection(connection, async (database) => {
    const transaction = database.transaction(META, 'readwrite', { durability })
    const end = endOf(transaction)
    try {
      const answer = await change(transaction.objectStore(META))
      await end
      return answer
    } catch (error) {
      end.catch(() => undefined) // told by the error that is thrown here
      abortIfOpen(transaction)
      throw error
    }
  })
}
