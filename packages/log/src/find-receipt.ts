/**
 * Where a commit is that was reissued: from replacement to replacement, until one stands.
 */

import { lastSequenceOf } from './commit.ts'
import type { Receipt } from './receipt.ts'
import type { Voids } from './voids.ts'

/** The receipt of what stands for this one; the same where nothing replaced it. */
export function standingReceipt({ replaced }: Voids, receipt: Receipt): Receipt {
  let found = receipt
  for (let steps = 0; steps <= replaced.length; steps++) {
    const { replica, commitId } = found
    const sequence = lastSequenceOf(found)
    const next = replaced.find(
      (each) => each.commitId === commitId && each.sequence === sequence && each.replica === replica,
    )
    if (!next) return found
    found = { ...next.by, held: 'committed' }
  }
  return found
}
