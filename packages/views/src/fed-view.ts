/**
 * A view as the dispatcher feeds it: where its next events begin, how far it may go, and what stands in its way. A view
 * group takes events; what is derived from a table takes the position that its table has reached, never one beyond it.
 */
import { emptyBatch, type HeadwaterError, type Offset } from '@headwater/log'
import type { SharedBatch } from './dispatcher-reads.ts'
import type { FedBatch, ViewGroup } from './group/view-group.ts'
import type { TableReader } from './table/reader.ts'
import type { Slice, View } from './view.ts'

/** A view that is fed. */
export interface FedView {
  readonly view: View
  /** Whether it takes events; else positions. */
  readonly readsEvents: boolean
  feedAfter(): Offset
  /** The furthest that it may go now. */
  feedUpTo(head: Offset): Offset
  isStopped(): boolean
  /** It stands where it is, or what it derives from does, until resumed. */
  isPaused(): boolean
  /** Why nothing more will come, when that is so. */
  error(): HeadwaterError | undefined
  /** Nothing more will come, and the view itself says why when it is asked. */
  isParked(): boolean
  feed(batch: SharedBatch): Promise<void>
  feedTo(position: Offset): Promise<void>
  /** Parks it for what lies in the log. */
  park(error: HeadwaterError): void
}

/** A derived view: with a table, and a bound to what it can have waiting. */
export interface DerivedView extends View {
  /** So many rows wait for it that its table should pause. */
  readonly congested?: boolean
  /** Calls back when how it fares has changed beside what its answers are made of. */
  onMoved(listener: () => void): () => void
}

/** A group and what is derived from it; the group pauses while any of that is congested. */
export function feedGroup(
  group: ViewGroup,
  derived: () => readonly DerivedView[],
  slice: () => Slice,
): FedView {
  return {
    view: group,
    readsEvents: true,
    feedAfter: () => group.feedAfter,
    feedUpTo: (head) =>
      derived().some((view) => view.congested && !view.stopped && !view.paused) ? group.feedAfter : head,
    isStopped: () => !group.takesEvents,
    isPaused: () => group.paused,
    isParked: () => false,
    error: () => (group.hopes ? undefined : group.error),
    feed: (batch: FedBatch) => group.fold(batch, slice),
    feedTo: async () => undefined,
    park: (error) => group.park(error),
  }
}

/** A view derived from the rows of some groups, which `table` gives. */
export function feedDerived(
  view: DerivedView,
  table: TableReader,
  groups: readonly ViewGroup[],
  slice: () => Slice,
): FedView {
  return {
    view,
    readsEvents: false,
    feedAfter: () => view.position,
    feedUpTo: () => table.position,
    isStopped: () => view.stopped || view.paused,
    isPaused: () => view.paused || table.paused,
    isParked: () => view.stopped,
    error: () => groups.find((group) => group.error && !group.hopes)?.error,
    feed: async () => undefined,
    feedTo: (through) => view.fold(emptyBatch(through), slice),
    park: () => undefined,
  }
}
