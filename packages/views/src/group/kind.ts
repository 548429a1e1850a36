/**
 * What a group folds when it is not a table: another way to take events in and to answer, over the same stored state with the
 * same checkpoints, adoption and rebuilds. A kind keeps to the group's core: it writes to its state, moves its position and
 * tells of each install, and whatever it keeps in memory beside that must be what the state holds.
 */
import type { EventBatch } from '@headwater/log'
import type { Answer, ViewRequest, ViewStatus } from '../view.ts'
import type { GroupCore } from './core.ts'
import type { FoldOutcome } from './fold-run.ts'
import type { Pace } from './pace.ts'

/** A kind. */
export interface GroupKind {
  readonly kind: ViewStatus['kind']
  /** Every map of its state. */
  readonly maps: readonly string[]
  /** Loads what it folds with; anything else is called once that has been done. Rejects with a named error. */
  load(): Promise<void>
  /** Takes back what a batch voids and folds the events after the core's position, as `foldVoids` and `foldEvents` do for a table. */
  readonly fold: (core: GroupCore, batch: EventBatch, pace: Pace) => Promise<FoldOutcome>
  answer(core: GroupCore, request: ViewRequest): Answer | Promise<Answer>
  digests(core: GroupCore, turn: () => Promise<void>): AsyncIterable<readonly [key: string, digest: string]>
}
