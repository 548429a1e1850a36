/**
 * Durability on demand: a strict write behind all that was stored before forces it onto the disk, whoever stored it. Where
 * nothing came since the last time, nothing is written.
 */
import type { Offset } from '../identity.ts'
import { changeStore } from './change-store.ts'
import type { Connection } from './connection.ts'
import { HARDENED, META } from './database.ts'

/** Makes everything up to the answer survive the machine, as far as the engine keeps that. */
export type Harden = () => Promise<Offset>

/** Hardens the log of a connection, whose last offset as this handle knows it is `head`. */
export function createHarden(connection: Connection, head: () => Offset): Harden {
  let hardened = 0 as Offset
  return async () => {
    const offset = head()
    if (offset > hardened) {
      const terms = { durability: 'strict' } as const
      await changeStore(connection, META, terms, async (meta) => void meta.put(offset, HARDENED))
      hardened = offset
    }
    return hardened
  }
}
