/**
 * The one handle on the database, opened again after it was lost. Browsers drop connections (storage cleared, process
 * restarted, another tab deletes the database); a handle that failed once is never used again. What was being done when it
 * broke is for the caller to find out.
 */

import { HeadwaterError } from '../error.ts'
import { closed } from '../refusals.ts'
import { type Identity, META, type OpenOptions, openDatabase, readIdentity, vanished } from './database.ts'

/** A handle that can be had again and again. */
export interface Connection {
  readonly identity: Identity
  /** The open handle. Errors: those of `openDatabase`, `CLOSED`. */
  get(): Promise<IDBDatabase>
  /** Gives up a handle that failed; the next `get` opens another. */
  drop(database: IDBDatabase): void
  /** Resolves once the handle has been told to close. */
  close(): Promise<void>
}

/** Opens the database and keeps it open. */
export async function openConnection(options: OpenOptions): Promise<Connection> {
  let isClosed = false
  let handle: Promise<IDBDatabase> | undefined
  const forget = (database: Promise<IDBDatabase>): void => {
    if (handle === database) handle = undefined
  }
  const open = (mustExist: boolean): Promise<IDBDatabase> => {
    const opening = openDatabase(options, mustExist)
    handle = opening
    opening.then(
      (database) => watch(database, () => forget(opening)),
      () => forget(opening),
    )
    return opening
  }

  const identity = await identityOf(await open(false), options.name)

  const get = async (): Promise<IDBDatabase> => {
    if (isClosed) throw closed('log')
    if (handle) return handle
    const database = await open(true)
    const { id } = await identityOf(database, options.name)
    if (id === identity.id) return database
    database.close()
    handle = undefined
    throw vanished(options.name)
  }
  const drop = (database: IDBDatabase): void => {
    const dropped = handle
    database.close()
    dropped?.then(
      (current) => current === database && forget(dropped),
      () => undefined, // it never opened, so that there is nothing to forget
    )
  }
  return {
    identity,
    get,
    drop,
    close: async () => {
      isClosed = true
      await handle?.then(
        (database) => database.close(),
        () => undefined, // it never opened, so that there is nothing to close
      )
    },
  }
}

/** Runs `work`; when it fails for anything but a named reason, once more on a fresh handle. */
export async function withConnection<Answer>(
  connection: Connection,
  work: (database: IDBDatabase) => Promise<Answer>,
): Promise<Answer> {
  const database = await connection.get()
  try {
    return await work(database)
  } catch (error) {
    if (error instanceof HeadwaterError && error.code !== 'DEADLINE') throw error
    connection.drop(database)
    return work(await connection.get())
  }
}

/** Lets go of the database when another tab wants to change or delete it, or the browser took it away. */
function watch(database: IDBDatabase, forget: () => void): void {
  database.onversionchange = () => {
    database.close()
    forget()
  }
  database.onclose = forget
}

async function identityOf(database: IDBDatabase, name: string): Promise<Identity> {
  try {
    return await readIdentity(database.transaction(META).objectStore(META), name)
  } catch (error) {
    database.close()
    throw error
  }
}
