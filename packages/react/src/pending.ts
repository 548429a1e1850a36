/**
 * Subscriptions on behalf of components that have suspended: React forgets a component that suspends before it mounted,
 * so somebody else has to keep its query live until it is rendered again and subscribes itself. A wait ends when the
 * query's does (D4); answers that nobody came back for are held for the last 64 queries of a database, then let go.
 */
import type { Database, Query } from 'headwater'

/** The queries of one database that suspended components wait for. */
export interface Pending {
  /** Resolves when the query is no longer loading; the same promise until then. */
  wait(query: Query<unknown>): Promise<void>
  /** A component has subscribed to the answered query: lets go of it. */
  release(key: string): void
}

const UNCLAIMED_LIMIT = 64
const byDatabase = new WeakMap<Database, Pending>()

/** What suspended components wait for on this database. */
export function pendingOf(database: Database): Pending {
  const known = byDatabase.get(database)
  if (known !== undefined) return known
  const pending = createPending()
  byDatabase.set(database, pending)
  return pending
}

function createPending(): Pending {
  const waits = new Map<string, Promise<void>>()
  /** Answered queries with what ends their subscription, oldest first. */
  const unclaimed = new Map<string, () => void>()

  function release(key: string): void {
    unclaimed.get(key)?.()
    unclaimed.delete(key)
  }

  function answered(query: Query<unknown>, stop: () => void): void {
    waits.delete(query.key)
    release(query.key)
    unclaimed.set(query.key, stop)
    const [oldest] = unclaimed.keys()
    if (oldest !== undefined && unclaimed.size > UNCLAIMED_LIMIT) release(oldest)
  }

  function begin(query: Query<unknown>): Promise<void> {
    let stop = (): void => {}
    const promise = new Promise<void>((resolve) => {
      const resolveWhenAnswered = (): void => {
        if (query.state().status !== 'loading') resolve()
      }
      stop = query.subscribe(resolveWhenAnswered)
      resolveWhenAnswered()
    })
    waits.set(query.key, promise)
    void promise.then(() => answered(query, stop))
    return promise
  }

  return { wait: (query) => waits.get(query.key) ?? begin(query), release }
}
