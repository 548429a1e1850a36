/** The platform of the hub: Node's clock, timers and randomness behind the seams that everything else is handed. */
import { randomBytes } from 'node:crypto'
import type { Random, Scheduler, WallClock } from '@headwater/log'

/** What the hub is handed. */
export interface HubPlatform {
  readonly clock: WallClock
  readonly random: Random
  readonly scheduler: Scheduler
}

/** Node's own. Timers do not keep the process alive: sockets and threads do. */
export const nodePlatform: HubPlatform = {
  clock: { now: () => Date.now() },
  random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
  scheduler: {
    elapsedMs: () => performance.now(),
    nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs)
      timer.unref()
      return () => {
        clearTimeout(timer)
      }
    },
  },
}
