/** The listeners of a head: each is called with every new one; one that throws stops neither the log nor the others. */
import type { Offset } from './identity.ts'

/** Who wants to know of a new head. */
export interface HeadListeners {
  add(listener: (head: Offset) => void): () => void
  tell(head: Offset): void
  clear(): void
}

/** Collects listeners; `onError` gets what a listener throws. */
export function createHeadListeners(onError: (error: unknown) => void = reportError): HeadListeners {
  const listeners = new Set<(head: Offset) => void>()
  const tellOne = (listener: (head: Offset) => void, head: Offset): void => {
    try {
      listener(head)
    } catch (error) {
      onError(error)
    }
  }
  return {
    add: (listener) => {
      const own = (head: Offset): void => listener(head) // so that one function may listen twice
      listeners.add(own)
      return () => listeners.delete(own)
    },
    tell: (head) => {
      for (const listener of [...listeners]) tellOne(listener, head)
    },
    clear: () => listeners.clear(),
  }
}

/** Thrown again in a turn of its own, where the platform reports it like any uncaught error. */
function reportError(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
