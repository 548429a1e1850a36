// A later task of the event loop, as soon as the platform gives one.

/** Timers are slow: Node's take a millisecond, browsers clamp nested ones to four. Browsers have no `setImmediate`. */
export const nextTask: () => Promise<void> =
  typeof setImmediate === 'function'
    ? () => new Promise((resolve) => setImmediate(resolve))
    : messageToOneself()

function messageToOneself(): () => Promise<void> {
  const waiting: (() => void)[] = []
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => waiting.shift()?.()
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      port2.postMessage(0)
    })
}
