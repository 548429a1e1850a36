// What the tests of states stand on: real seams where they are cheap, a scheduler that yields, a random source.

import type { LogId, Scheduler, WallClock } from '@headwater/log'
import { createMemoryLocks, type Locks } from '../../packages/views/src/locks.ts'
import type { BaseStore } from '../../packages/views/src/state/base-store.ts'
import { type OpenState, openPagedState } from '../../packages/views/src/state/open-state.ts'
import { createPageCache } from '../../packages/views/src/state/page-cache.ts'
import type { PagedState } from '../../packages/views/src/state/paged-state.ts'
import type { StateOptions } from '../../packages/views/src/state/state-core.ts'
import { nextTask } from '../next-task.ts'

export const LOG_ID = 'AAAAAAAAAAAAAAAA' as LogId
export const OTHER_LOG_ID = 'BBBBBBBBBBBBBBBB' as LogId

/** Real time: ids of a database that was made anew must be above those of the old one. */
export const clock: WallClock = { now: () => Date.now() }

export const scheduler: Scheduler = {
  elapsedMs: () => performance.now(),
  nextTurn: nextTask,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

export interface Clock extends WallClock {
  nowMs: number
}

export function createClock(): Clock {
  return {
    nowMs: 1_800_000_000_000,
    now() {
      return this.nowMs
    },
  }
}

export interface World {
  readonly store: BaseStore
  readonly locks: Locks
  readonly clock: Clock
  open(options?: Partial<StateOptions>): Promise<OpenState>
}

export function createWorld(store: BaseStore, locks: Locks = createMemoryLocks()): World {
  const clock = createClock()
  return {
    store,
    locks,
    clock,
    open: (options = {}) =>
      openPagedState({
        store,
        locks,
        lockScope: 'test',
        family: 'family',
        lineage: 'lineage',
        logId: LOG_ID,
        cache: createPageCache(1 << 22),
        clock,
        scheduler,
        untilCalm: () => undefined,
        reuse: () => true,
        ...options,
      }),
  }
}

/** All entries of a map, in order. */
export async function entriesOf(
  state: PagedState,
  map: string,
): Promise<readonly (readonly [string, unknown])[]> {
  return state.read((reader) => {
    const entries: [string, unknown][] = []
    reader.range(map, {}, (key, value) => entries.push([key, value]))
    return entries
  })
}
