/**
 * Reads of the log, shared by the views that stand at the same position: one read serves all of them, and while a batch
 * is folded the next one is fetched. At most a few batches are kept; a view that comes later reads again.
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

const BATCHES_KEPT = 4

/** Reads of these event types. */
export function createSharedReads(log: Log, types: ReadonlySet<string>): SharedReads {
  const batches = new Map<Offset, Promise<SharedBatch>>()
  const forget = (after: Offset, batch: Promise<SharedBatch>): void => {
    if (batches.get(after) === batch) batches.delete(after)
  }
  const begin = (after: Offset): Promise<SharedBatch> => {
    const batch = log.read(after, { types }).then((events) => ({ ...events, after }))
    batches.set(after, batch)
    for (const oldest of batches.keys()) {
      if (batches.size <= BATCHES_KEPT) break
      batches.delete(oldest)
    }
    batch.then(
      ({ through }) => through === after && forget(after, batch),
      () => forget(after, batch), // whoever asked hears of it
    )
    return batch
  }
  return {
    async read(after) {
      const batch = await (batches.get(after) ?? begin(after))
      if (batch.through > after && batch.through < log.head && !batches.has(batch.through)) {
        void begin(batch.through)
      }
      return batch
    },
  }
}
