// What a group of a profile's tab is given, beside its definition: for tests of one group, without the dispatcher.
import { createBackgroundTurns, createSliceMaker } from '../../packages/views/src/dispatcher-turns.ts'
import type { GroupOptions } from '../../packages/views/src/group/unit.ts'
import { createPageCache } from '../../packages/views/src/state/page-cache.ts'
import { type Profile, scheduler } from './world.ts'

export const slice: ReturnType<typeof createSliceMaker> = createSliceMaker(scheduler, 8)

export function groupOptions(
  { log, store, locks, clock }: Profile,
  cacheBytes = 1 << 20,
): Omit<GroupOptions, 'definition'> {
  return {
    log,
    head: () => log.head,
    headKnown: () => log.refresh(),
    store,
    locks,
    lockScope: 'group',
    cache: createPageCache(cacheBytes),
    clock,
    scheduler,
    slice,
    backgroundTurn: createBackgroundTurns(scheduler),
    keysOf: () => [],
    failed: (error) => {
      throw error
    },
    overlayBytes: 1 << 26,
    historyEvents: 1 << 19,
  }
}
