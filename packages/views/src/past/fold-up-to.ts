/**
 * Folding a group that no dispatcher feeds up to where its log ends: for verification and for the past. It is the fold that
 * the dispatcher drives, in the same slices.
 */
import { parked } from '../group/answer.ts'
import { NOTHING_READ_MS } from '../group/rebuild.ts'
import type { GroupOptions } from '../group/unit.ts'
import type { ViewGroup } from '../group/view-group.ts'
import type { ProgressOptions } from '../views.ts'
import { aborted } from '../waits.ts'

/** Resolves when all is folded. Rejects with `ABORTED`, `VIEW_PARKED` where nothing helps, and what reading rejects with. */
export async function foldUpTo(
  group: ViewGroup,
  { log, head, slice, scheduler }: Pick<GroupOptions, 'log' | 'head' | 'slice' | 'scheduler'>,
  { onProgress, signal }: ProgressOptions,
): Promise<void> {
  for (;;) {
    if (signal?.aborted) throw aborted()
    if (group.error && !group.hopes) throw parked(group.name, group.error)
    const after = group.feedAfter
    const end = head()
    if (after >= end && !group.hopes) return
    if (group.takesEvents && after < end) {
      const batch = await log.read(after, { types: group.types })
      if (batch.through <= after)
        await new Promise<void>((resolve) => scheduler.after(NOTHING_READ_MS, resolve))
      else await group.fold({ ...batch, after }, slice)
      onProgress?.({ done: group.feedAfter, total: end })
    } else await scheduler.nextTurn() // it folds everything anew
  }
}
