/**
 * Where a receipt's commit is in this log. An own one lies at its offset, or where its replacement does; one of another
 * replica is there once this log's vector covers it, and then lies somewhere below the head.
 */
import { HeadwaterError, isId, type Log, type Offset, type Receipt, type Sequence } from '@headwater/log'

/** The offset up to which to look for the commit; undefined while it has not come. Errors: `QUERY_INVALID`, those of the log. */
export async function findOffset(log: Log, receipt: Receipt): Promise<Offset | undefined> {
  const standing = await standingOf(log, receipt)
  if (standing.replica === log.replica) return standing.offset
  const vector = await log.vector()
  if (!vector.covers(standing.replica, lastSequenceOf(standing))) return undefined
  return log.refresh() // the vector was read before: the commit lies at or below
}

/** The commit as it stands in this log now: once it is reissued, as what replaces it. Own ones are reissued under a fresh replica id. */
export async function standingOf(log: Log, receipt: Receipt): Promise<Receipt> {
  checkReceipt(receipt)
  return receipt.replica === log.replica ? receipt : log.findReceipt(receipt)
}

/** The sequence of the commit's last event. */
export function lastSequenceOf({ firstSequence, count }: Receipt): Sequence {
  return (firstSequence + count - 1) as Sequence
}

/** Refuses what is no receipt with `QUERY_INVALID`: it may come from anywhere, since an app stores and sends it. */
export function checkReceipt({ replica, firstSequence, count, offset }: Receipt): void {
  if (isId(replica) && [firstSequence, count, offset].every((each) => Number.isSafeInteger(each) && each > 0))
    return
  throw new HeadwaterError('QUERY_INVALID', 'What was given as a receipt is none.', {
    hint: 'Hand on what `append` returned, whole.',
  })
}
