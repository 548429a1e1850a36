/**
 * What is to be done again, once a turn however often it was asked for: at the end of the very step that asked for it when
 * nothing was done lately, so that an answer goes out with the fold that changed it, else in a later turn. Work rests for as
 * long as it took, so that it never takes more than half of the worker's time, and yields every few milliseconds, so that
 * queries are answered.
 */
import type { Scheduler } from '@headwater/log'

/** Things to do again. */
export interface Dirty<Item> {
  readonly mark: (item: Item) => void
  readonly drop: (item: Item) => void
  readonly close: () => void
}

const SLICE_MS = 8

/** Calls `work` for every marked item, at most once a turn and never inside `mark`. */
export function createDirty<Item>(scheduler: Scheduler, work: (item: Item) => void): Dirty<Item> {
  const items = new Set<Item>()
  let busy = false

  const run = async (): Promise<void> => {
    busy = true
    await Promise.resolve() // so that what is marked together is done together
    while (items.size > 0) {
      const start = scheduler.elapsedMs()
      for (const item of items) {
        items.delete(item)
        work(item)
        if (scheduler.elapsedMs() - start >= SLICE_MS) break
      }
      await rest(scheduler, scheduler.elapsedMs() - start)
      await scheduler.nextTurn()
    }
    busy = false
  }
  return {
    mark: (item) => {
      items.add(item)
      if (!busy) void run()
    },
    drop: (item) => items.delete(item),
    close: () => items.clear(),
  }
}

function rest(scheduler: Scheduler, tookMs: number): Promise<void> {
  if (tookMs < 1) return Promise.resolve()
  return new Promise((resolve) => {
    scheduler.after(tookMs, resolve)
  })
}
