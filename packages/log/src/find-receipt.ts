/**
 * Where a commit is that was reissued, however often: the reissue that counts, as it landed here.
 */

import type { Receipt } from './receipt.ts'
import type { Voids } from './voids.ts'

/** The receipt of what stands for this one; the same where nothing replaced it. */
export function standingReceipt({ reissues }: Voids, receipt: Receipt): Receipt {
  const { commitId, replica, firstSequence } = receipt
  const counts = reissues.findLast(({ by, isDuplicate }) => by.commitId === commitId && !isDuplicate)
  if (!counts || (counts.by.replica === replica && counts.by.firstSequence === firstSequence)) return receipt
  return { ...counts.by, held: 'committed' }
}
