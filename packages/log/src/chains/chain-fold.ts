/**
 * Folding chains: a chain vector moved on over the standing commits of records in offset order. The same step everywhere, so
 * that a state folded from a checkpoint equals one that was folded from the first record.
 */
import { CHAIN_START, linkHash } from '../chain.ts'
import { lastSequenceOf } from '../commit.ts'
import type { OpenRecord } from '../decode.ts'
import type { Offset, ReplicaId } from '../identity.ts'
import type { RecordCommit, RecordView } from '../record.ts'
import { type Voids, voidedAt } from '../voids.ts'
import type { ChainEntry } from './chain-vector.ts'

/** A chain vector of all standing commits that begin at or before an offset. */
export interface ChainState {
  readonly offset: Offset
  /** The version of the voids under which it was folded. */
  readonly version: number
  readonly entries: ReadonlyMap<ReplicaId, ChainEntry>
}

/** A commit that was folded. */
export interface FoldedCommit {
  readonly view: RecordView
  readonly commit: RecordCommit
  readonly previous: Uint8Array
  readonly hash: Uint8Array
}

/** A state that is being moved on. */
export interface ChainFold {
  readonly offset: Offset
  /** Folds the commits of records that begin behind the offset and at or before `to`; `see` is called with each. */
  fold(records: readonly OpenRecord[], to: number, see?: (folded: FoldedCommit) => void): void
  /** Moves on over offsets that hold nothing to fold. */
  skipTo(offset: Offset): void
  state(): ChainState
}

/** Begins to fold from a state. */
export function startFold(from: ChainState, voids: Voids): ChainFold {
  const entries = new Map(from.entries)
  let { offset } = from
  const step = (view: RecordView, commit: RecordCommit): FoldedCommit => {
    const { head, bodiesAt } = commit
    const previous = entries.get(head.replica)?.hash ?? CHAIN_START
    const hash = linkHash(previous, head, view.bytes.subarray(bodiesAt, bodiesAt + head.bodiesLength))
    entries.set(head.replica, { sequence: lastSequenceOf(head), hash })
    return { view, commit, previous, hash }
  }
  return {
    get offset() {
      return offset
    },
    fold: (records, to, see) => {
      for (const { view, commits } of records) {
        if (view.lastOffset <= offset) continue
        for (const commit of commits) {
          const { firstOffset, head } = commit
          if (firstOffset <= offset || firstOffset > to) continue
          if (!voidedAt(voids, firstOffset)) {
            const folded = step(view, commit)
            see?.(folded)
          }
          offset = (firstOffset + head.count - 1) as Offset
        }
        if (view.marker && view.lastOffset <= to) offset = view.lastOffset
      }
    },
    skipTo: (to) => {
      if (to > offset) offset = to
    },
    state: () => ({ offset, version: voids.version, entries: new Map(entries) }),
  }
}

/** Nothing is folded. */
export const NO_CHAINS: ChainState = { offset: 0 as Offset, version: 0, entries: new Map() }
