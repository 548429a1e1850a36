/**
 * A value that is shown and followed. Listeners are called after each change; who subscribes twice hears it twice.
 */

/** A value with its followers. */
export interface Shown<T> {
  readonly get: () => T
  readonly subscribe: (listener: (value: T) => void) => () => void
  readonly show: (value: T) => void
}

/** Shows `first`. */
export function createShown<T>(first: T): Shown<T> {
  const listeners = new Set<(value: T) => void>()
  let value = first
  return {
    get: () => value,
    subscribe: (listener) => {
      const own = (next: T): void => listener(next)
      listeners.add(own)
      return () => listeners.delete(own)
    },
    show: (next) => {
      value = next
      for (const listener of Array.from(listeners)) listener(next)
    },
  }
}
