// A later task of the event loop, as soon as the platform gives one.

/** Browsers have no `setImmediate`, and Node's timers are slow. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}
