/**
 * Taking a batch in, whatever the group's kind: what it voids first, since that concerns what was folded before it, then its
 * events.
 */
import type { EventBatch } from '@headwater/log'
import type { GroupCore } from './core.ts'
import { type FoldOutcome, foldEvents } from './fold-run.ts'
import { foldVoids } from './fold-voids.ts'
import type { GroupKind } from './kind.ts'
import type { Pace } from './pace.ts'

/** Takes a batch in. Rejects with what storage rejects with. */
export async function takeBatch(
  core: GroupCore,
  kind: GroupKind | undefined,
  batch: EventBatch,
  pace: Pace,
): Promise<FoldOutcome> {
  if (batch.voids.length > 0) core.lessenedUpTo = batch.through
  if (kind) return kind.fold(core, batch, pace)
  if (batch.voids.length > 0) {
    const outcome = await foldVoids(core, batch.voids, pace)
    if (outcome.type !== 'folded') return outcome
  }
  return foldEvents(core, batch, pace)
}
