/**
 * The head that a handle knows of: it only grows, and listeners hear of each growth. A listener that throws stops neither
 * the log nor the others; its error is thrown again in a turn of its own, where the platform reports it.
 */
import type { Offset } from './identity.ts'

/** The last offset that a handle knows of, and who wants to hear of a later one. */
export interface KnownHead {
  readonly offset: Offset
  /** Takes note of an offset that is known to be stored; what is no offset is passed over. */
  readonly learn: (offset: Offset) => void
  readonly subscribe: (listener: (head: Offset) => void) => () => void
  /** Forgets all listeners and learns nothing more. */
  readonly close: () => void
}

/** Creates a head that begins at `offset`. */
export function createKnownHead(offset: Offset): KnownHead {
  const listeners = new Set<(head: Offset) => void>()
  let known = offset
  let isClosed = false
  return {
    get offset() {
      return known
    },
    learn: (to) => {
      if (isClosed || !Number.isSafeInteger(to) || to <= known) return
      known = to
      for (const listener of Array.from(listeners)) tell(listener, to)
    },
    subscribe: (listener) => {
      const own = (head: Offset): void => listener(head) // so that one function may listen twice
      listeners.add(own)
      return () => listeners.delete(own)
    },
    close: () => {
      isClosed = true
      listeners.clear()
    },
  }
}

function tell(listener: (head: Offset) => void, head: Offset): void {
  try {
    listener(head)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
