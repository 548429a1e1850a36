/**
 * How many things are done in a second, over the last few seconds: what `status` shows, and what remaining time is told
 * from. It remembers a bounded number of moments.
 */

/** A rate. */
export interface Rate {
  /** Notes that so many were done just now. */
  note(count: number): void
  /** In a second, over the last three; 0 after three seconds of quiet. */
  perSecond(): number
}

const WINDOW_MS = 3_000
const BUCKET_MS = 100

/** A rate by this clock of elapsed milliseconds. */
export function createRate(elapsedMs: () => number): Rate {
  const buckets: { readonly at: number; count: number }[] = []
  const forget = (now: number): void => {
    while (buckets.length > 0 && buckets[0]!.at < now - WINDOW_MS) buckets.shift()
  }
  return {
    note(count) {
      if (count === 0) return
      const now = elapsedMs()
      forget(now)
      const last = buckets.at(-1)
      if (last && now - last.at < BUCKET_MS) last.count += count
      else buckets.push({ at: now, count })
    },
    perSecond() {
      const now = elapsedMs()
      forget(now)
      const [first] = buckets
      if (first === undefined) return 0
      const done = buckets.reduce((sum, { count }) => sum + count, 0)
      return Math.round((done * 1_000) / Math.max(now - first.at, BUCKET_MS))
    },
  }
}
