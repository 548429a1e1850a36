/**
 * The events of the live figure: a few hundred issues are closed one by one, then reopened one by one. So each event
 * changes the totals by status, and afterwards the issues are as they were. Their pages are warm.
 */
import { issueId, type TrackerEvent } from './stream.ts'

/** The issues that `count` flips are about, spread over all rows. */
export function flippedIds(rows: number, count: number): readonly string[] {
  const ids = count >> 1
  return Array.from({ length: ids }, (_, i) => issueId(Math.floor((i * rows) / ids)))
}

/** `count` events, an even number of at most twice the rows. */
export function takeFlips(rows: number, count: number): readonly TrackerEvent[] {
  const ids = flippedIds(rows, count)
  const text = 'said so '.repeat(38)
  const flip =
    (type: 'issue.closed' | 'issue.reopened') =>
    (id: string, i: number): TrackerEvent => {
      return { type, version: 1, data: { id, text, by: `person-${i % 40}`, at: 1_800_000_000_000 + i } }
    }
  return [...ids.map(flip('issue.closed')), ...ids.map(flip('issue.reopened'))]
}
