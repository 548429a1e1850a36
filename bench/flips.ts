/**
 * The events of the live figures: issues closed and reopened by turns, so that each of them changes the totals by
 * status. The same few hundred issues come again and again: their pages are warm.
 */
import { createChance, issueId, type TrackerEvent } from './stream.ts'

const WARM_ISSUES = 200

/** Ids that the flips are about, spread over all rows. */
export function flippedIds(rows: number): readonly string[] {
  const count = Math.min(WARM_ISSUES, rows)
  return Array.from({ length: count }, (_, i) => issueId(Math.floor((i * rows) / count)))
}

/** `count` events; each id is closed, then reopened, then closed. */
export function takeFlips(rows: number, count: number): readonly TrackerEvent[] {
  const ids = flippedIds(rows)
  const chance = createChance(rows)
  return Array.from({ length: count }, (_, i): TrackerEvent => {
    const isClosed = Math.floor(i / ids.length) % 2 === 0
    const data = {
      id: ids[i % ids.length]!,
      text: 'said so '.repeat(38),
      by: `person-${Math.floor(chance() * 40)}`,
      at: 1_800_000_000_000 + i,
    }
    return { type: isClosed ? 'issue.closed' : 'issue.reopened', version: 1, data }
  })
}
