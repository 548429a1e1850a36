/**
 * Plain events by hand: written as JSON text, sent as bytes, parsed, kept, and folded into rows.
 */
import { foldEvent, type Issue } from '../fold.ts'
import { type TrackerEvent, takeEvents } from '../stream.ts'

export interface ExchangeOptions {
  readonly seed: number
  readonly events: number
  readonly commitEvents: number
}

/** How long it took, of that until the receiver had them, and what the rows come to. */
export interface Exchanged {
  readonly ms: number
  readonly takenMs: number
  readonly sum: number
}

export async function exchange({ seed, events, commitEvents }: ExchangeOptions): Promise<Exchanged> {
  const sent = takeEvents(seed, events, 'mixed')
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  const start = performance.now()
  const kept: TrackerEvent[][] = []
  for (let from = 0; from < events; from += commitEvents) {
    const bytes = encoder.encode(JSON.stringify(sent.slice(from, from + commitEvents)))
    kept.push(JSON.parse(decoder.decode(bytes)) as TrackerEvent[])
  }
  const takenAt = performance.now()
  const rows = new Map<string, Issue>()
  for (const commit of kept) for (const event of commit) foldInto(rows, event)
  return { ms: performance.now() - start, takenMs: takenAt - start, sum: sumOf(rows) }
}

/** The step that both sides fold with. */
export function foldInto(rows: Map<string, Issue>, event: TrackerEvent): void {
  const row = foldEvent(rows.get(event.data.id), event)
  if (row) rows.set(row.id, row)
}

/** A number that two equal sets of rows have in common. */
export function sumOf(rows: ReadonlyMap<string, Issue>): number {
  let sum = 0
  for (const { updatedAt, comments, title } of rows.values())
    sum += (updatedAt % 1_000) + comments + title.length
  return sum
}
