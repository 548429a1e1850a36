/** Checkpoints give way to folds: the waits of `calm.ts`, and checkpoints under a stream of events, on a clock by hand. */
import { describe, expect, test } from 'vitest'
import { createCalm } from '../../packages/views/src/state/calm.ts'

/** Time that only passes when a timer is waited for. */
function createTimers(): { elapsedMs(): number; after(delayMs: number, run: () => void): () => void } {
  let nowMs = 1_000
  return {
    elapsedMs: () => nowMs,
    after(delayMs, run) {
      queueMicrotask(() => {
        nowMs += delayMs
        run()
      })
      return () => undefined
    },
  }
}

describe('the calm between folds', () => {
  test('is there when nothing was folded, or not lately', async () => {
    const timers = createTimers()
    const calm = createCalm(timers)
    expect(calm.reached()).toBeUndefined()
    calm.noteFold()
    expect(calm.reached()).toBeInstanceOf(Promise)
    await new Promise<void>((resolve) => timers.after(100, resolve))
    expect(calm.reached()).toBeUndefined()
  })

  test('is waited for until 8 ms after the last fold', async () => {
    const timers = createTimers()
    const calm = createCalm(timers)
    calm.noteFold()
    const startMs = timers.elapsedMs()
    await calm.reached()
    expect(timers.elapsedMs() - startMs).toBe(8)
    expect(calm.waitedMs).toBe(8)
  })

  test('is not waited for longer than 50 ms, however often there is a fold', async () => {
    const timers = createTimers()
    const calm = createCalm({
      ...timers,
      after(delayMs, run) {
        return timers.after(delayMs, () => {
          calm.noteFold()
          run()
        })
      },
    })
    calm.noteFold()
    const startMs = timers.elapsedMs()
    await calm.reached()
    expect(timers.elapsedMs() - startMs).toBe(50)
    expect(calm.waitedMs).toBe(50)
    expect(calm.reached()).toBeInstanceOf(Promise)
  })
})
