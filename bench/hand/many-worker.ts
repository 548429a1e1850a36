/**
 * The worker's side of un-awaited appends by hand: takes a message with all events of a microtask, stores them as
 * segments in one transaction, and answers with the offset of the first.
 */
import type { TrackerEvent } from '../stream.ts'
import { appendCommit, SEGMENTS } from './segments.ts'
import { openStores } from './storage.ts'

/** What the page sends. */
export interface ManyMessage {
  readonly number: number
  readonly events: readonly TrackerEvent[]
}
/** What the worker answers when the events are committed; number 0 says that it is open. */
export interface ManyAnswer {
  readonly number: number
  readonly firstOffset: number
}

const opened = openStores('many', [SEGMENTS])
let head = 0

self.onmessage = async ({ data }: MessageEvent<ManyMessage>) => {
  const firstOffset = head + 1
  const behind = head
  head += data.events.length
  await appendCommit(await opened, behind, data.events)
  self.postMessage({ number: data.number, firstOffset } satisfies ManyAnswer)
}

await opened
self.postMessage({ number: 0, firstOffset: 0 } satisfies ManyAnswer)
