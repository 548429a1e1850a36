/**
 * `PagedState`: the state of one view group (a table with its indexes, history and aggregates): named ordered maps
 * from string keys to JSON values, as a stored *base* (immutable pages under a manifest) and an *overlay* in memory
 * (what the log has brought since). This file is the contract; the naive twin is one sorted array per map.
 *
 * - A read looks in the overlay, then in the one page that can hold the key; a range merges the two.
 * - Reading is one synchronous run: `read(attempt)` runs `attempt`; where it meets a page that is not in memory the
 *   page is noted, and after the run all noted pages are fetched and `attempt` runs again from the start. So an answer
 *   is never a mixture of two moments, whatever is folded or adopted between the tries. `attempt` must be free of
 *   side effects.
 * - Writing is synchronous and blind; each entry carries the offset that last changed it, so that adopting another
 *   tab's checkpoint drops exactly the entries up to it.
 * - Keys order by UTF-16 code units (`<` on strings): see `key.ts` for tuples.
 */
import type { Json, Offset } from '@headwater/log'

/** Bounds of a range; all are optional. */
export interface KeyRange {
  readonly gte?: string
  readonly gt?: string
  readonly lte?: string
  readonly lt?: string
  readonly reverse?: boolean
  /** Leaves out the first so many entries of the range, in its direction. */
  readonly skip?: number
}

/** What an `attempt` reads through. Values are frozen. */
export interface StateReader {
  /** True once a page was missing: what has been read is incomplete and the attempt will run again. */
  readonly incomplete: boolean
  get(map: string, key: string): Json | undefined
  /** Visits entries in order until `visit` returns `false` (whatever else it returns is ignored). Stops at a missing page. */
  range(map: string, range: KeyRange, visit: (key: string, value: Json) => unknown): void
  /** Entries in the range, by the manifest's counts where whole pages lie inside it. */
  count(map: string, range: KeyRange): number
}

/** How a checkpoint ended. */
export type CheckpointOutcome = 'stored' | 'nothing-new' | 'superseded' | 'swept'

/** The state. */
export interface PagedState {
  /** The offset up to which the base is folded. */
  readonly checkpoint: Offset
  /** Raised by each rebuild; a base of another generation shares no history with this overlay. */
  readonly generation: number
  /** What was stored beside the base at its checkpoint (row counts, the newest stamp folded …). */
  readonly meta: Json
  /** Names of the maps that the base holds. */
  readonly baseMaps: ReadonlySet<string>
  /** About how many bytes the overlay takes. */
  readonly overlayBytes: number
  /** Answers at once when every page is in memory, else after fetching; see above. */
  read<T>(attempt: (reader: StateReader) => T, signal?: AbortSignal): T | Promise<T>
  /** Sets or (`undefined`) deletes an entry. `bytes` is about what it takes, for the overlay's bound. */
  write(map: string, key: string, value: Json | undefined, offset: Offset, bytes: number): void
  /** Forgets a whole map, base and overlay: for a part that is built anew. */
  clear(map: string): void
  /**
   * Writes the state as of this very call as a new base, `position` being what it is folded up to, and switches to it: what
   * is written after the call, in the same task or later, is not in it. Goes on in slices; writes that come meanwhile stay in the overlay. `superseded` when another tab stored one first: adopt it.
   */
  checkpointAt(position: Offset, meta: Json): Promise<CheckpointOutcome>
  /**
   * Looks for a newer manifest of this lineage. One of this generation at or below `position` is adopted: base swapped,
   * overlay entries up to it dropped. One ahead of `position`, of another generation, or made where the caller never
   * stood (`hasStoodAt`, by default everywhere) is adopted by dropping the whole overlay; the caller then goes on from
   * `checkpoint`. What was written in one step across a checkpoint knows nothing of what the base holds in between: an
   * entry that came before it and went behind it would stay for ever. Says what happened; `installed` is told in the very
   * step in which the base is switched, so that the caller's position and the state never differ.
   */
  adopt(
    position: Offset,
    installed?: (adoption: 'swapped' | 'jumped') => void,
    hasStoodAt?: (checkpoint: Offset) => boolean,
  ): Promise<'nothing-new' | 'swapped' | 'jumped'>
  /** Releases the pin and the cache. Idempotent. */
  close(): void
}
