/**
 * What a log does when its peer prefers another session of its replica (`SUPERSEDED`). Mostly that is another tab, and the lease
 * says so: who leads no more stays away. Who still leads connects once more, since the other may have been a tab that woke
 * up and had not heard yet. If it happens again soon, the rival is no tab of this profile but a copy of it, alive and
 * writing under the same id: then this log takes a fresh replica id for what it writes from now on, and neither is in the
 * other's way any more, before they differ in anything. A fresh id has no rival; if that does not help, somebody must act.
 */
import { isHeadwaterError, type Log, type Scheduler } from '@headwater/log'
import type { End } from '../session/state.ts'
import type { Epoch } from './epoch.ts'

/** Two such ends within this are one rivalry. */
export const RIVALRY_MS = 60_000

/** Decides whether to connect again, after a session that ended as `SUPERSEDED`. Never rejects. */
export type Rivalry = () => Promise<End['again']>

/** Creates one that has met no rival yet. */
export function createRivalry(log: Log, epoch: Epoch, scheduler: Scheduler): Rivalry {
  let metAtMs = Number.NEGATIVE_INFINITY
  let renewedAtMs = Number.NEGATIVE_INFINITY
  const decide = async (): Promise<End['again']> => {
    const current = epoch()
    // Without a lease nobody can tell a copy of this log from a second replicator on it.
    if (current === undefined || (await log.lease.read()).epoch !== current) return 'never'
    const nowMs = scheduler.elapsedMs()
    const isAgain = nowMs - metAtMs < RIVALRY_MS
    metAtMs = nowMs
    if (!isAgain) return 'later'
    if (nowMs - renewedAtMs < RIVALRY_MS) return 'never'
    renewedAtMs = nowMs
    await log.renew({ epoch: current })
    return 'now'
  }
  return async () => {
    try {
      return await decide()
    } catch (error) {
      return isHeadwaterError(error, 'SUPERSEDED') ? 'never' : 'later'
    }
  }
}
