/**
 * Words of presence on their way from the leading tab to the peers, for all tabs of the database: a session carries ten a
 * second, so each tab's newest word waits its turn, and what it replaces is never sent.
 */
import type { Scheduler } from '@headwater/log'
import { createGathered } from './gathered.ts'

/** Words that wait. */
export interface PresenceOutbox {
  readonly add: (bytes: Uint8Array) => void
  /** Sends what waits, as far as the session takes it. */
  readonly close: () => void
}

/** A little less than ten a second. */
const SEND_EVERY_MS = 105
/** The tab's name and the kind of word: the newest of each counts. */
const HEAD_BYTES = 13
/** Words that wait, at most; the oldest is dropped, and comes again within ten seconds. */
const MAX_WAITING = 100

/** An empty box; `send` is called at most ten times a second. */
export function createPresenceOutbox(
  scheduler: Scheduler,
  send: (bytes: Uint8Array) => void,
): PresenceOutbox {
  const waiting = new Map<string, Uint8Array>()
  const sending = createGathered(scheduler, { everyMs: SEND_EVERY_MS, leastMs: 0 }, () => {
    const [next] = waiting
    if (!next) return
    waiting.delete(next[0])
    send(next[1])
    if (waiting.size > 0) sending.soon()
  })
  return {
    add: (bytes) => {
      waiting.set(bytes.subarray(0, HEAD_BYTES).join(), bytes)
      const [oldest] = waiting.keys()
      if (oldest !== undefined && waiting.size > MAX_WAITING) waiting.delete(oldest)
      sending.soon()
    },
    close: () => {
      sending.close()
      for (const bytes of waiting.values()) send(bytes)
      waiting.clear()
    },
  }
}
