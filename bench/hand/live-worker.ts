/**
 * The worker's side of a live aggregate by hand: rows and totals in memory, each event stored by one `add` before the
 * new totals go back.
 */
import { type StreamKind, type TrackerEvent, takeEvents } from '../stream.ts'
import { createState, foldInto, type Totals } from './state.ts'
import { completed, openStores } from './storage.ts'

/** First message: what to fold before the clock starts; every later one: an event to append. */
export type LiveMessage =
  | { readonly seed: number; readonly rows: number; readonly kind: StreamKind }
  | { readonly event: TrackerEvent }
/** The totals by status once the event is stored and folded. */
export type LiveAnswer = readonly (readonly [string, Totals])[]

const opened = openStores('live', ['events'])
const encoder = new TextEncoder()
const state = createState()
let head = 0

self.onmessage = async ({ data }: MessageEvent<LiveMessage>) => {
  const db = await opened
  if ('event' in data) await append(db, data.event)
  else for (const event of takeEvents(data.seed, data.rows, data.kind)) foldInto(state, event, ++head)
  self.postMessage([...state.byStatus] satisfies LiveAnswer)
}

async function append(db: IDBDatabase, event: TrackerEvent): Promise<void> {
  const offset = ++head
  const transaction = db.transaction('events', 'readwrite', { durability: 'relaxed' })
  transaction.objectStore('events').put(encoder.encode(JSON.stringify(event)), offset)
  transaction.commit()
  await completed(transaction)
  foldInto(state, event, offset)
}
