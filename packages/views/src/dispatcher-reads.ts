/**
 * Reads of the log, shared by the views that stand at the same position: one read serves all of them. A batch is let go
 * as soon as every view has had it, so that its events die young, and at most two are kept for views that come later;
 * fetching ahead is the log's own business.
 */
import type { EventBatch, Log, Offset } from '@headwater/log'

/** A batch that says where it begins. */
export interface SharedBatch extends EventBatch {
  readonly after: Offset
}

/** Shared reads. */
export interface SharedReads {
  /** The batch after an offset. Rejects with what the log rejects with. */
  read(after: Offset): Promise<SharedBatch>
}

const BATCHES_KEPT = 2

interface KeptBatch {
  readonly batch: Promise<SharedBatch>
  /** How many more views may ask for it. */
  waiting: number
}

/** Reads of these event types, for so many views. */
export function createSharedReads(log: Log, types: ReadonlySet<string>, views: number): SharedReads {
  const batches = new Map<Offset, KeptBatch>()
  const begin = (after: Offset): KeptBatch => {
    const batch = log.read(after, { types }).then((events) => ({ ...events, after }))
    const kept = { batch, waiting: views }
    batches.set(after, kept)
    const forget = (): void => {
      if (batches.get(after) === kept) batches.delete(after)
    }
    batch.then(({ through }) => through === after && forget(), forget) // whoever asked hears of a failure
    for (const oldest of batches.keys()) {
      if (batches.size <= BATCHES_KEPT) break
      batches.delete(oldest)
    }
    return kept
  }
  return {
    read(after) {
      const kept = batches.get(after) ?? begin(after)
      if (--kept.waiting <= 0) batches.delete(after)
      return kept.batch
    },
  }
}
