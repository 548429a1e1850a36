/**
 * A bound on messages: so many a second, and so many at once. Who sends more is not cut off but read more slowly, so that
 * the network pushes back on the sender and nothing piles up here.
 */
import type { Scheduler } from '@headwater/log'

/** A bucket that messages are taken from. */
export interface MessageRate {
  /** Counts a message; how long to wait before the next is read, 0 mostly. Milliseconds. */
  take(): number
}

/** Makes a full bucket. */
export function createMessageRate(
  { messagesPerSecond, messageBurst }: { readonly messagesPerSecond: number; readonly messageBurst: number },
  scheduler: Scheduler,
): MessageRate {
  let left = messageBurst
  let filledAtMs = scheduler.elapsedMs()
  return {
    take() {
      const nowMs = scheduler.elapsedMs()
      left = Math.min(messageBurst, left + ((nowMs - filledAtMs) * messagesPerSecond) / 1_000)
      filledAtMs = nowMs
      left -= 1
      return left >= 0 ? 0 : Math.ceil((-left * 1_000) / messagesPerSecond)
    },
  }
}
