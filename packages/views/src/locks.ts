/**
 * Locks over the tabs of one origin, as Web Locks have them, behind a seam: pins of manifests (shared), the sweep
 * (exclusive, only if free) and leadership (exclusive, waited for). A lock is gone with the tab that held it.
 */

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
