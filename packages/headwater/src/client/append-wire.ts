/**
 * Appends in the shape in which they cross to the engine: many packed commits in one buffer, and receipts back as columns
 * of numbers. `engine/appends.ts` and `engine/reporter.ts` are the other ends.
 */
import type { Offset, Receipt, ReplicaId, Sequence, Timestamp } from '@headwater/log'
import type { AppendBatch, AppendEntry, AppendedReport, CallId } from '../protocol.ts'
import type { WaitingAppend } from './append-queue.ts'

/** The commits as one message. Their own bytes are copied, so that they can be sent again. */
export function packBatch(
  commits: readonly WaitingAppend[],
): AppendBatch & { readonly bytes: Uint8Array<ArrayBuffer> } {
  const bytes = new Uint8Array(commits.reduce((sum, { packed }) => sum + packed.bytes.length, 0))
  let at = 0
  const entries = commits.map(({ id, packed, durability, since, signal }): AppendEntry => {
    bytes.set(packed.bytes, at)
    at += packed.bytes.length
    return {
      id,
      commitId: packed.commitId,
      count: packed.count,
      byteLength: packed.bytes.length,
      bodiesAt: packed.bodiesAt,
      durability,
      ...(since === undefined ? {} : { retriedSince: since }),
      ...(signal ? { abortable: true } : {}),
    }
  })
  return { commits: entries, bytes }
}

/** What a report says of each commit; the page itself knows the rest of the receipt. */
export type Placed = Omit<Receipt, 'commitId' | 'count'>

/** The columns of a report, read in the order in which the engine wrote them. */
export function placesOf({ replica, held, numbers }: AppendedReport): readonly (readonly [CallId, Placed])[] {
  return Array.from({ length: numbers.length / 4 }, (_, row) => {
    const [id = 0, firstSequence = 0, offset = 0, timestamp = 0] = numbers.subarray(row * 4, row * 4 + 4)
    const placed = {
      replica: replica as ReplicaId,
      held,
      firstSequence: firstSequence as Sequence,
      offset: offset as Offset,
      timestamp: timestamp as Timestamp,
    }
    return [id, placed]
  })
}
