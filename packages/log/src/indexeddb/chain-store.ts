/**
 * Where chain vectors lie: the nearest one at or below an offset that still holds, and new ones as chains are advanced. Those
 * that a voiding has made worthless are passed over, and overwritten in time.
 */
import { type ChainState, NO_CHAINS } from '../chains/chain-fold.ts'
import { encodeCheckpoint, parseCheckpoint } from '../chains/checkpoint.ts'
import { stillHolds, type Voids } from '../voids.ts'
import { type Connection, withConnection } from './connection.ts'
import { CHAINS } from './database.ts'
import { answerOf, endOf } from './request.ts'

/** Stored chain vectors. */
export interface ChainStore {
  /** The last one that holds and for which `isBelow`, which is true up to some offset and false from there on. */
  nearest(voids: Voids, isBelow: (state: ChainState) => boolean): Promise<ChainState>
  put(states: readonly ChainState[]): Promise<void>
}

/** Opens the store. */
export function createChainStore(connection: Connection): ChainStore {
  return {
    nearest: (voids, isBelow) =>
      withConnection(connection, async (database) => {
        const store = database.transaction(CHAINS).objectStore(CHAINS)
        return (await searchNearest(store, voids, isBelow)) ?? NO_CHAINS
      }),
    put: (states) =>
      withConnection(connection, async (database) => {
        const transaction = database.transaction(CHAINS, 'readwrite')
        const end = endOf(transaction)
        for (const state of states) transaction.objectStore(CHAINS).put(encodeCheckpoint(state), state.offset)
        await end
      }),
  }
}

/** Halves the keys; from the place found it goes back over what does not hold. */
async function searchNearest(
  store: IDBObjectStore,
  voids: Voids,
  isBelow: (state: ChainState) => boolean,
): Promise<ChainState | undefined> {
  const keys = await answerOf(store.getAllKeys())
  const read = async (place: number): Promise<ChainState | undefined> => {
    const state = parseCheckpoint(keys[place], await answerOf<unknown>(store.get(keys[place]!)))
    return state && stillHolds(voids, state.version, state.offset) ? state : undefined
  }
  let low = 0
  let high = keys.length
  let found: ChainState | undefined
  while (low < high) {
    const middle = (low + high) >>> 1
    const state = await firstBack(read, middle, low)
    if (!state) low = middle + 1
    else if (isBelow(state)) {
      found = state
      low = middle + 1
    } else high = middle
  }
  return found
}

/** The state at a place, or the nearest before it, not below `least`, that can be read and holds. */
async function firstBack(
  read: (place: number) => Promise<ChainState | undefined>,
  place: number,
  least: number,
): Promise<ChainState | undefined> {
  for (let at = place; at >= least; at--) {
    const state = await read(at)
    if (state) return state
  }
  return undefined
}
