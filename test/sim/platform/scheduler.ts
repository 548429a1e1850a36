// A tab's scheduler on virtual time. Reading elapsed time costs some, since a task that only looks at its watch would never
// see it move, and slices would never end.

import type { Scheduler } from '@headwater/log'
import type { Chance } from '../chance.ts'
import type { Actor, VirtualTime } from '../time.ts'

/** What one look at the watch stands for, at most. */
const LOOK_MS = 0.2

export function createScheduler(time: VirtualTime, actor: Actor, chance: Chance): Scheduler {
  return {
    elapsedMs: () => {
      time.spend(chance.between(0, LOOK_MS))
      return time.nowMs
    },
    nextTurn: () =>
      new Promise((resolve) => {
        actor.post(chance.between(0, 0.05), resolve)
      }),
    after: (delayMs, run) => actor.post(delayMs + chance.between(0, 1), run),
  }
}
