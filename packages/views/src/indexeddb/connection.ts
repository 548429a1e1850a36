/**
 * One connection to a database, opened when it is needed and again when it was lost: it gives way when somebody deletes
 * the database, and a call that fails on a dead handle, or that a handle which has fallen silent never answers, is tried
 * once more on a new one. Every open has a deadline, and so has every transaction; a handle that lets one pass owes its other
 * answers for ever, so that nobody waits for them any longer.
 */
import type { Scheduler, WallClock } from '@headwater/log'
import { HeadwaterError } from '@headwater/log'
import { isConnectionFailure, nameFailure, nameOpenFailure } from './failure.ts'
import { completionOf } from './request.ts'
import { createStores, DATABASE_VERSION } from './schema.ts'

/** Where a database is and how long it may take to open. */
export interface ConnectionOptions {
  readonly name: string
  /** Default: the platform's. */
  readonly factory?: IDBFactory
  /** The key ranges that belong to `factory`. Default: the platform's. */
  readonly keyRange?: typeof IDBKeyRange
  readonly scheduler: Scheduler
  /** Sets where the ids of a new database begin, above those of one that was deleted. */
  readonly clock: WallClock
  /** Milliseconds until an open fails by name (default 5,000). */
  readonly openDeadlineMs?: number
  /** Milliseconds after which a transaction counts as lost, and its handle too (default 20,000). */
  readonly answerDeadlineMs?: number
}

/** What deleting needs. */
export type DeletionOptions = Omit<ConnectionOptions, 'clock' | 'keyRange' | 'answerDeadlineMs'>

/** The connection. */
export interface Connection {
  /** Runs `body` in a transaction of its own and resolves once that has committed. `body` may run twice. */
  run<T>(
    stores: readonly string[],
    mode: IDBTransactionMode,
    body: (transaction: IDBTransaction) => Promise<T>,
  ): Promise<T>
  close(): void
}

const OPEN_DEADLINE_MS = 5000
const ANSWER_DEADLINE_MS = 20_000

/** A handle, and how to tell all who wait for its answers that none will come. */
interface Handle {
  readonly opening: Promise<IDBDatabase>
  readonly waiting: Set<(error: Error) => void>
}

/** Opens the database. */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  let closed = false
  let current: Handle | undefined
  const open = (): Handle => {
    const opening = openOnce(options, () => forget(handle)).catch((error: unknown) => {
      forget(handle)
      throw error
    })
    const handle: Handle = { opening, waiting: new Set() }
    return handle
  }
  /** What became of an old handle says nothing about the one that took its place. */
  const forget = (handle: Handle): void => {
    if (current === handle) current = undefined
  }
  const drop = async (handle: Handle): Promise<void> => {
    forget(handle)
    const database = await handle.opening.catch(() => undefined)
    database?.close()
  }
  const handleNow = (): Handle => {
    if (closed) throw closedConnection(options.name)
    current ??= open()
    return current
  }
  await handleNow().opening
  return {
    async run(stores, mode, body) {
      for (let tried = 1; ; tried++) {
        const handle = handleNow()
        try {
          return await answered(options, handle, runOn(await handle.opening, stores, mode, body))
        } catch (error) {
          if (closed) throw closedConnection(options.name)
          if (!isConnectionFailure(error)) throw nameFailure(error)
          await drop(handle)
          if (tried === TRIES) throw nameFailure(error)
        }
      }
    },
    close() {
      closed = true
      if (current) void drop(current)
    },
  }
}

/** How often a call is tried, each time on another handle. */
const TRIES = 2

/** Deletes the database; tabs that hold it open give way. */
export function deleteDatabase({ name, factory, ...options }: DeletionOptions): Promise<void> {
  return withDeadline(name, options, (settle) => {
    const request = (factory ?? indexedDB).deleteDatabase(name)
    request.onsuccess = () => settle.resolve(undefined)
    request.onerror = () => settle.reject(request.error)
  })
}

async function runOn<T>(
  database: IDBDatabase,
  stores: readonly string[],
  mode: IDBTransactionMode,
  body: (transaction: IDBTransaction) => Promise<T>,
): Promise<T> {
  const transaction = database.transaction([...stores], mode, { durability: 'relaxed' })
  const completion = completionOf(transaction)
  const [value] = await Promise.all([body(transaction), completion])
  return value
}

/** Browsers have lost completions: a handle that says nothing is given up like one that fails, by all who wait for it. */
function answered<T>(
  { scheduler, answerDeadlineMs = ANSWER_DEADLINE_MS }: ConnectionOptions,
  { waiting }: Handle,
  answer: Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = scheduler.after(answerDeadlineMs, () => {
      const late = new Error(`IndexedDB did not answer within ${answerDeadlineMs} ms.`)
      for (const each of waiting) each(late)
    })
    const end = (): void => {
      cancel()
      waiting.delete(giveUp)
    }
    const giveUp = (error: Error): void => {
      end()
      reject(error)
    }
    waiting.add(giveUp)
    answer.then(resolve, reject).finally(end)
  })
}

function openOnce(options: ConnectionOptions, onLost: () => void): Promise<IDBDatabase> {
  return withDeadline(options.name, options, (settle) => {
    const request = (options.factory ?? indexedDB).open(options.name, DATABASE_VERSION)
    request.onupgradeneeded = () => createStores(request.result, request.transaction!, options.clock)
    request.onerror = () => settle.reject(request.error)
    request.onsuccess = () => {
      const database = request.result
      database.onversionchange = () => {
        onLost()
        database.close()
      }
      database.onclose = onLost
      if (!settle.resolve(database)) database.close()
    }
  })
}

/** Ways to end a wait; `resolve` says whether anybody was still waiting. */
interface Settle<T> {
  resolve(value: T): boolean
  reject(error: unknown): void
}

function withDeadline<T>(
  name: string,
  { scheduler, openDeadlineMs = OPEN_DEADLINE_MS }: Pick<ConnectionOptions, 'scheduler' | 'openDeadlineMs'>,
  start: (settle: Settle<T>) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let waiting = true
    const end = (): boolean => {
      const waited = waiting
      waiting = false
      cancel()
      return waited
    }
    const cancel = scheduler.after(openDeadlineMs, () => {
      if (end()) reject(blocked(name, openDeadlineMs))
    })
    start({
      resolve(value) {
        const waited = end()
        if (waited) resolve(value)
        return waited
      },
      reject(error) {
        if (end()) reject(nameOpenFailure(name, error))
      },
    })
  })
}

function blocked(name: string, deadlineMs: number): HeadwaterError {
  return new HeadwaterError(
    'STORAGE_BLOCKED',
    `The database "${name}" did not open or go within ${deadlineMs} ms.`,
    {
      hint: 'Close other tabs of this app, or reload them.',
    },
  )
}

function closedConnection(name: string): HeadwaterError {
  return new HeadwaterError('CLOSED', `The database "${name}" has been closed here.`, {
    hint: 'Open the database again; nothing was changed by this call.',
  })
}
