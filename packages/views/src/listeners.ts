/**
 * Listeners of one kind of news, told in the order in which they were added. A listener that throws is a bug of its
 * owner; it is not caught here.
 */

/** A set of listeners. */
export interface Listeners<News extends readonly unknown[]> {
  readonly size: number
  /** Adds one; the returned function removes it. The same function may be added twice. */
  add(listener: (...news: News) => void): () => void
  tell(...news: News): void
  clear(): void
}

/** No listeners yet. */
export function createListeners<News extends readonly unknown[]>(): Listeners<News> {
  const listeners = new Set<{ readonly call: (...news: News) => void }>()
  return {
    get size() {
      return listeners.size
    },
    add(call) {
      const listener = { call }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    tell(...news) {
      for (const { call } of listeners) call(...news)
    },
    clear: () => listeners.clear(),
  }
}
