/**
 * The status of a replicator, kept and told: a new object at each change, and nobody is told twice of the same.
 */
import type { ReplicatorStatus } from './status.ts'

/** The status and who listens to it. */
export interface Board {
  readonly status: ReplicatorStatus
  /** Changes it and tells, when something differs. */
  show(changes: Partial<ReplicatorStatus>): void
  subscribe(listener: (status: ReplicatorStatus) => void): () => void
}

/** Creates a board with nobody listening. */
export function createBoard(first: ReplicatorStatus): Board {
  const listeners = new Set<(status: ReplicatorStatus) => void>()
  let status = first
  return {
    get status() {
      return status
    },
    show: (changes) => {
      const next = { ...status, ...changes }
      const names = Object.keys(changes) as (keyof ReplicatorStatus)[] // of a Partial of it
      if (names.every((name) => Object.is(status[name], next[name]))) return
      status = next
      for (const listener of Array.from(listeners)) listener(next)
    },
    subscribe: (listener) => {
      const own = (next: ReplicatorStatus): void => listener(next)
      listeners.add(own)
      return () => listeners.delete(own)
    },
  }
}
