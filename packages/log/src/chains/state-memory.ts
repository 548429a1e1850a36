/**
 * The chain vectors that were folded last, so that a reader that comes back to where it stopped folds nothing twice.
 */
import { stillHolds, type Voids } from '../voids.ts'
import type { ChainState } from './chain-fold.ts'

/** A few states, the last used ones. */
export interface StateMemory {
  /** The last at or below an offset that still holds. */
  nearest(offset: number, voids: Voids): ChainState | undefined
  keep(state: ChainState): void
}

/** Creates a memory of at most `most` states. */
export function createStateMemory(most: number): StateMemory {
  let states: readonly ChainState[] = []
  return {
    nearest: (offset, voids) =>
      states
        .filter((state) => state.offset <= offset && stillHolds(voids, state.version, state.offset))
        .reduce<ChainState | undefined>(
          (best, state) => (best && best.offset >= state.offset ? best : state),
          undefined,
        ),
    keep: (state) => {
      states = [state, ...states.filter(({ offset }) => offset !== state.offset)].slice(0, most)
    },
  }
}
