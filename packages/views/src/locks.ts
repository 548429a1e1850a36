/**
 * Locks over the tabs of one origin, as Web Locks have them, behind a seam: pins of manifests (shared), the sweep
 * (exclusive, only if free) and leadership (exclusive, waited for). A lock is gone with the tab that held it.
 */
import { HeadwaterError } from '@headwater/log'

/** A lock that is held until released. `release` is idempotent. */
export interface Hold {
  release(): void
}

/** The seam. The real one wraps `navigator.locks`; `createMemoryLocks` serves tests and single processes. */
export interface Locks {
  /** Waits for a shared hold. Rejects with `ABORTED` when `signal` fires first. */
  shared(name: string, signal?: AbortSignal): Promise<Hold>
  /** Waits for the exclusive hold. Rejects with `ABORTED` when `signal` fires first. */
  exclusive(name: string, signal?: AbortSignal): Promise<Hold>
  /** The exclusive hold when nobody holds the name now, else nothing; never waits for a holder. */
  exclusiveIfFree(name: string): Promise<Hold | undefined>
}

interface Waiter {
  readonly mode: 'shared' | 'exclusive'
  readonly grant: (hold: Hold) => void
}

interface LockState {
  shared: number
  exclusive: boolean
  readonly waiting: Waiter[]
}

/** Locks of one process, first come first served as Web Locks are: for tests, and where there is but one tab. */
export function createMemoryLocks(): Locks {
  const held = new Map<string, LockState>()
  const acquire = (name: string, mode: Waiter['mode'], signal?: AbortSignal): Promise<Hold> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(abortedWait(name))
      const state = stateOf(held, name)
      const waiter: Waiter = {
        mode,
        grant(hold) {
          signal?.removeEventListener('abort', abandon)
          resolve(hold)
        },
      }
      const abandon = (): void => {
        const at = state.waiting.indexOf(waiter)
        if (at < 0) return
        state.waiting.splice(at, 1)
        grantWaiting(held, name)
        reject(abortedWait(name))
      }
      signal?.addEventListener('abort', abandon, { once: true })
      state.waiting.push(waiter)
      grantWaiting(held, name)
    })
  return {
    shared: (name, signal) => acquire(name, 'shared', signal),
    exclusive: (name, signal) => acquire(name, 'exclusive', signal),
    exclusiveIfFree: (name) => (held.has(name) ? Promise.resolve(undefined) : acquire(name, 'exclusive')),
  }
}

function stateOf(held: Map<string, LockState>, name: string): LockState {
  const known = held.get(name)
  if (known) return known
  const fresh: LockState = { shared: 0, exclusive: false, waiting: [] }
  held.set(name, fresh)
  return fresh
}

function grantWaiting(held: Map<string, LockState>, name: string): void {
  const state = held.get(name)
  if (!state) return
  while (state.waiting.length > 0) {
    const { mode, grant } = state.waiting[0]!
    if (state.exclusive || (mode === 'exclusive' && state.shared > 0)) return
    state.waiting.shift()
    grant(take(held, name, state, mode))
  }
  if (state.shared === 0 && !state.exclusive) held.delete(name)
}

function take(held: Map<string, LockState>, name: string, state: LockState, mode: Waiter['mode']): Hold {
  if (mode === 'shared') state.shared++
  else state.exclusive = true
  let released = false
  const release = (): void => {
    if (released) return
    released = true
    if (mode === 'shared') state.shared--
    else state.exclusive = false
    grantWaiting(held, name)
  }
  return { release }
}

function abortedWait(name: string): HeadwaterError {
  return new HeadwaterError('ABORTED', `Waiting for the lock "${name}" was aborted.`, {
    hint: 'Nothing was locked; ask again when it is wanted.',
  })
}
