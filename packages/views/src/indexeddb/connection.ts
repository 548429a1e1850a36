/**
 * One connection to a database, opened when it is needed and again when it was lost: it gives way when somebody deletes
 * the database, and a call that fails on a dead handle, or that a handle which has fallen silent never answers, is tried
 * once more on a new one. Every open has a deadline, and so has every transaction.
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

/** Opens the database. */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const handles = keepHandle(options)
  let closed = false
  const mustBeOpen = (): void => {
    if (closed) throw closedConnection(options.name)
  }
  await handles.now()
  return {
    async run(stores, mode, body) {
      const act = (handle: IDBDatabase): ReturnType<typeof body> => runOn(handle, stores, mode, body)
      mustBeOpen()
      const first = handles.now()
      try {
        return await handles.run(first, act)
      } catch (error) {
        mustBeOpen()
        if (!isConnectionFailure(error)) throw nameFailure(error)
      }
      await handles.giveUp(first)
      mustBeOpen()
      try {
        return await handles.run(handles.now(), act)
      } catch (error) {
        throw nameFailure(error)
      }
    },
    close() {
      closed = true
      void handles.close()
    },
  }
}

/** The handle that is used now, after those that were given up. */
interface Handles {
  /** Opened when there is none. */
  now(): Promise<IDBDatabase>
  /** Does something on a handle; rejects also where that does not answer. */
  run<T>(opening: Promise<IDBDatabase>, act: (handle: IDBDatabase) => Promise<T>): Promise<T>
  /** Closes a handle that failed, and one that took its place where that may be as silent. */
  giveUp(opening: Promise<IDBDatabase>): Promise<void>
  close(): Promise<void>
}

function keepHandle(options: ConnectionOptions): Handles {
  const { scheduler, openDeadlineMs = OPEN_DEADLINE_MS } = options
  let current: Promise<IDBDatabase> | undefined
  /** When those handles were asked for that have answered nothing yet. */
  const unproven = new WeakMap<Promise<IDBDatabase>, number>()
  const open = (): Promise<IDBDatabase> => {
    const opening = openOnce(options, () => forget(opening)).catch((error: unknown) => {
      forget(opening)
      throw error
    })
    unproven.set(opening, scheduler.elapsedMs())
    return opening
  }
  /** What became of an old handle says nothing about the one that took its place. */
  const forget = (opening: Promise<IDBDatabase>): void => {
    if (current === opening) current = undefined
  }
  const drop = async (opening: Promise<IDBDatabase> | undefined): Promise<void> => {
    if (opening) forget(opening)
    const handle = await opening?.catch(() => undefined)
    handle?.close()
  }
  /** It has answered nothing in the time that it may take to open. */
  const isSuspect = (opening: Promise<IDBDatabase>): boolean => {
    const since = unproven.get(opening)
    return since !== undefined && scheduler.elapsedMs() - since >= openDeadlineMs
  }
  return {
    now() {
      current ??= open()
      return current
    },
    async run(opening, act) {
      const answer = await answered(options, act(await opening))
      unproven.delete(opening)
      return answer
    },
    async giveUp(opening) {
      await drop(opening)
      if (current && isSuspect(current)) await drop(current)
    },
    close: () => drop(current),
  }
}

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

/** Browsers have lost completions: a handle that says nothing is given up like one that fails. */
function answered<T>(
  { scheduler, answerDeadlineMs = ANSWER_DEADLINE_MS }: ConnectionOptions,
  answer: Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new Error(`IndexedDB did not answer within ${answerDeadlineMs} ms.`))
    const cancel = scheduler.after(answerDeadlineMs, late)
    answer.then(resolve, reject).finally(cancel)
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
