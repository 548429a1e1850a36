/**
 * Receipts as they come back from the engine: columns of numbers, in the order in which it stored. `engine/reporter.ts` is
 * the other end.
 */
import type { Offset, Receipt, ReplicaId, Sequence, Timestamp } from '@headwater/log'
import type { AppendedReport, CallId } from '../protocol.ts'

/** What a report says of each commit; the page itself knows the rest of the receipt. */
export type Placed = Omit<Receipt, 'commitId' | 'count'>

/** Calls `take` for each commit of a report. */
export function forEachPlaced(report: AppendedReport, take: (id: CallId, placed: Placed) => void): void {
  const { replica, held, numbers } = report
  for (let at = 0; at < numbers.length; at += 4) {
    take(numbers[at]!, {
      replica: replica as ReplicaId,
      held,
      firstSequence: numbers[at + 1] as Sequence,
      offset: numbers[at + 2] as Offset,
      timestamp: numbers[at + 3] as Timestamp,
    })
  }
}
