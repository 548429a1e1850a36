/**
 * Calls that answer by a promise in any case, without the turns that an `async` function around another takes: ten thousand
 * un-awaited appends feel them.
 */

/** What `make` returns; what it throws rejects. */
export function promised<T>(make: () => Promise<T>): Promise<T> {
  try {
    return make()
  } catch (error) {
    return Promise.reject(error)
  }
}
