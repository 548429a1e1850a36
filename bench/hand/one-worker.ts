/**
 * The worker's side of one append by hand: one `add` of the event's bytes, relaxed, answered when it is complete.
 * Nothing is cheaper with IndexedDB behind a worker.
 */
import type { TrackerEvent } from '../stream.ts'
import { completed, openStores } from './storage.ts'

const opened = openStores('one', ['events'])
const encoder = new TextEncoder()
let head = 0

self.onmessage = async ({ data }: MessageEvent<TrackerEvent>) => {
  const offset = ++head
  const transaction = (await opened).transaction('events', 'readwrite', { durability: 'relaxed' })
  transaction.objectStore('events').add(encoder.encode(JSON.stringify(data)), offset)
  transaction.commit()
  await completed(transaction)
  self.postMessage(offset)
}

await opened
self.postMessage(0)
