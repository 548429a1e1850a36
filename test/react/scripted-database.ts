// A database whose answers the test gives, at the contract of `Database`: it counts subscriptions, shares one state
// among queries of equal key, and reports `loading` while nobody subscribes. Views, log and worker are not in it.
import { ORIGIN } from '@headwater/log'
import type { Database, DatabaseStatus, Query, QueryState, Receipt } from 'headwater'

export interface ScriptedDatabase extends Database {
  ask<T>(key: string): Query<T>
  /** Sets the state that subscribers of the key see, and tells them. */
  tell(key: string, state: QueryState<unknown>): void
  answer(key: string, data: unknown): void
  /** Subscriptions that stand now. */
  subscribers(key: string): number
  /** How often the key went from nobody to somebody. */
  starts(key: string): number
  setStatus(part: Partial<DatabaseStatus>): void
  /** Appends that wait to be settled by the test. */
  readonly appends: {
    readonly resolve: (receipt: Receipt) => void
    readonly reject: (error: Error) => void
  }[]
}

interface Shared {
  state: QueryState<unknown>
  starts: number
  readonly listeners: Set<() => void>
}

const loading: QueryState<never> = { status: 'loading', data: undefined, error: undefined }

export function createScriptedDatabase(name = 'scripted'): ScriptedDatabase {
  const byKey = new Map<string, Shared>()
  const listeners = new Set<(status: DatabaseStatus) => void>()
  let status = openStatus
  const appends: ScriptedDatabase['appends'] = []

  const sharedOf = (key: string): Shared => {
    const known = byKey.get(key) ?? { state: loading, starts: 0, listeners: new Set() }
    byKey.set(key, known)
    return known
  }

  const tell = (key: string, state: QueryState<unknown>): void => {
    const shared = sharedOf(key)
    shared.state = state
    for (const listener of shared.listeners) listener()
  }

  return {
    ...unscripted,
    name,
    definition: { name, events: [], views: {} },
    appends,
    ask: <T>(key: string) => createQuery<T>(key, sharedOf(key)),
    tell,
    answer: (key, data) => tell(key, { status: 'ready', data, error: undefined }),
    subscribers: (key) => sharedOf(key).listeners.size,
    starts: (key) => sharedOf(key).starts,
    setStatus(part) {
      status = { ...status, ...part }
      for (const listener of listeners) listener(status)
    },
    append: () => new Promise<Receipt>((resolve, reject) => appends.push({ resolve, reject })),
    status: {
      get: () => status,
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
  }
}

function createQuery<T>(key: string, shared: Shared): Query<T> {
  // The hooks subscribe and never await a query, so awaiting this one would not end.
  return Object.assign(new Promise<never>(() => {}), {
    key,
    subscribe(listener: () => void) {
      // One entry a subscription, also when a listener is given twice.
      const entry = (): void => listener()
      if (shared.listeners.size === 0) shared.starts++
      shared.listeners.add(entry)
      return () => {
        shared.listeners.delete(entry)
        if (shared.listeners.size === 0) shared.state = loading
      }
    },
    state: () => shared.state as QueryState<T>,
  })
}

const openStatus: DatabaseStatus = {
  state: 'open',
  error: undefined,
  log: { head: ORIGIN, replica: 'r', records: 0, bytes: 0, aside: 0, readOnly: undefined },
  leads: true,
  views: [],
  restarts: 0,
}

const notScripted = (): Promise<never> => Promise.reject(new Error('not scripted'))

const unscripted = {
  views: {},
  verify: notScripted,
  rebuild: notScripted,
  settled: notScripted,
  pause: notScripted,
  resume: notScripted,
  dropSnapshot: notScripted,
  readLog: notScripted,
  vector: notScripted,
  watched: () => [],
  touched: notScripted,
  digest: notScripted,
  storage: notScripted,
  persist: notScripted,
  exportEvents: () => new ReadableStream<string>(),
  importEvents: notScripted,
  at: notScripted,
  close: notScripted,
  destroy: notScripted,
  sync: undefined,
  presence: undefined,
}
