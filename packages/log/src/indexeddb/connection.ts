/**
 * The one handle on the database, opened again after it was lost. Browsers drop connections (storage cleared, process
 * restarted, another tab deletes the database); a handle that failed once is never used again, and nobody waits for its answers
 * any longer. What was being done when it broke is for the caller to find out.
 */

import { HeadwaterError } from '../error.ts'
import { closed } from '../refusals.ts'
import type { Scheduler } from '../seams.ts'
import { META, type OpenOptions, openDatabase } from './database.ts'
import { unavailable, vanished } from './database-refusals.ts'
import { withDeadline } from './request.ts'
import { type Identity, readIdentity } from './stored-identity.ts'

/** A handle that can be had again and again. */
export interface Connection {
  readonly identity: Identity
  readonly name: string
  readonly scheduler: Scheduler
  /** After which a transaction counts as lost. */
  readonly answerDeadlineMs: number
  /** The open handle, when there is one at hand. */
  readonly open: IDBDatabase | undefined
  /** The open handle. Errors: those of `openDatabase`, `CLOSED`. */
  get(): Promise<IDBDatabase>
  /** Gives up a handle that failed; the next `get` opens another. */
  drop(database: IDBDatabase): void
  /** The outcome of work on a handle, or `DEADLINE` as soon as that is given up. */
  readonly unlessDropped: <Answer>(database: IDBDatabase, work: Promise<Answer>) => Promise<Answer>
  /** Resolves once the handle has been told to close. */
  close(): Promise<void>
}

/** What a connection is opened with. */
export interface ConnectionOptions extends OpenOptions {
  readonly answerDeadlineMs: number
}

/** Opens the database and keeps it open. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { name, scheduler, answerDeadlineMs } = options
  let isClosed = false
  let open: IDBDatabase | undefined
  let opening: Promise<IDBDatabase> | undefined
  const owed = createOwed()
  const forget = (database: IDBDatabase): void => {
    if (open === database) open = undefined
  }
  const keep = (database: IDBDatabase): IDBDatabase => {
    watch(database, () => forget(database))
    open = database
    return database
  }
  const first = await openDatabase(options, false)
  const identity = await identityOf(first, options)
  keep(first)

  const openAgain = async (): Promise<IDBDatabase> => {
    const database = await openDatabase(options, true)
    const { id } = await identityOf(database, options)
    if (id === identity.id && !isClosed) return keep(database)
    database.close()
    throw isClosed ? closed('log') : vanished(name)
  }
  return {
    identity,
    name,
    scheduler,
    answerDeadlineMs,
    get open() {
      return isClosed ? undefined : open
    },
    get: async () => {
      if (isClosed) throw closed('log')
      opening ??= open ? undefined : openAgain().finally(() => (opening = undefined))
      return open ?? opening!
    },
    drop: (database) => {
      database.close()
      forget(database)
      owed.giveUp(database)
    },
    unlessDropped: owed.unlessDropped,
    close: async () => {
      isClosed = true
      open?.close()
      await opening?.catch(() => undefined) // whoever asked for it is told
    },
  }
}

/** What handles owe those who wait for them. */
function createOwed(): Pick<Connection, 'unlessDropped'> & {
  readonly giveUp: (database: IDBDatabase) => void
} {
  const waiting = new WeakMap<IDBDatabase, Set<() => void>>()
  return {
    giveUp: (database) => {
      for (const giveUp of waiting.get(database) ?? []) giveUp()
    },
    unlessDropped: (database, work) =>
      new Promise((resolve, reject) => {
        const others = waiting.get(database) ?? new Set()
        waiting.set(database, others)
        const giveUp = (): void => reject(dropped())
        others.add(giveUp)
        work.then(resolve, reject).finally(() => others.delete(giveUp))
      }),
  }
}

/**
 * Runs `work`; when it fails for anything but a named reason, or gives no answer in time, once more on a fresh handle.
 * Errors: those of `work`, `STORAGE_LOST`.
 */
export async function withConnection<Answer>(
  connection: Connection,
  work: (database: IDBDatabase) => Promise<Answer>,
): Promise<Answer> {
  const { answerDeadlineMs, scheduler, name } = connection
  for (let cause: unknown, tried = 0; ; tried++) {
    if (tried >= TRIES) throw unreadable(name, cause)
    let database: IDBDatabase | undefined
    try {
      database = await connection.get()
      const answer = withDeadline(work(database), answerDeadlineMs, scheduler)
      return await connection.unlessDropped(database, answer)
    } catch (error) {
      if (isFinal(error)) throw error
      cause = error
      if (database) connection.drop(database)
    }
  }
}

/** Codes that say no more than that the connection broke and cannot be had again. */
export const BROKEN: ReadonlySet<string> = new Set(['DEADLINE', 'STORAGE_UNAVAILABLE', 'STORAGE_BLOCKED'])

/** How often work is tried, each time on another handle. */
const TRIES = 2

/** Whether an error says more than that the connection broke. */
function isFinal(error: unknown): boolean {
  return error instanceof HeadwaterError && !BROKEN.has(error.code)
}

function dropped(): HeadwaterError {
  return new HeadwaterError('DEADLINE', 'The handle was given up because it owed others an answer.', {
    hint: 'It is tried again on a fresh connection.',
  })
}

function unreadable(name: string, cause: unknown): HeadwaterError {
  return new HeadwaterError(
    'STORAGE_LOST',
    `The log "${name}" gives no answer, on a fresh connection neither.`,
    {
      hint: 'Nothing is known to be lost: reload the page to go on.',
      facts: { name },
      cause,
    },
  )
}

/** Lets go of the database when another tab wants to change or delete it, or the browser took it away. */
function watch(database: IDBDatabase, forget: () => void): void {
  database.onversionchange = () => {
    database.close()
    forget()
  }
  database.onclose = forget
}

async function identityOf(database: IDBDatabase, options: ConnectionOptions): Promise<Identity> {
  const { name, deadlineMs, scheduler } = options
  try {
    const stored = readIdentity(database.transaction(META).objectStore(META), name)
    return await withDeadline(stored, deadlineMs, scheduler)
  } catch (error) {
    database.close()
    throw error instanceof HeadwaterError && error.code !== 'DEADLINE'
      ? error
      : unavailable(name, 'its identity cannot be read', error)
  }
}
