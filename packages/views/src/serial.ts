/**
 * Acts that must not run beside each other, one after the other in the order in which they were asked for. The first one
 * begins at once. An act that fails does not keep the next one from running.
 */

/** Runs an act when those before it have ended. */
export type Serial = <T>(act: () => Promise<T>) => Promise<T>

/** A row of acts. */
export function createSerial(): Serial {
  let running = 0
  let last: Promise<unknown> = Promise.resolve()
  return (act) => {
    const isFirst = running++ === 0
    const run = isFirst ? act() : last.then(act)
    const ended = run.then(
      () => undefined,
      () => undefined, // whoever asked for the act hears of its failure
    )
    last = ended.then(() => {
      running--
    })
    return run
  }
}
