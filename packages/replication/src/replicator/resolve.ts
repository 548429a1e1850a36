/**
 * What the log does about commits of ours that cannot stand: reissue what this log wrote, set aside what others wrote, and
 * keep what the wall clock lacks of a hub's time, so that later commits are right at once.
 */
import type { Log, ReplicaId, Sequence, WallClock } from '@headwater/log'
import { type Epoch, leading } from './epoch.ts'
import { tellRevision } from './revisions.ts'

/** Clocks that differ by less from a hub's time are left alone. */
export const CLOCK_TOLERANCE_MS = 300_000
/** A kept offset follows the hub's time when it is off by this. */
const OFFSET_TOLERANCE_MS = 60_000

/** Our branch of `replica` behind `after` gives way. */
export async function resolveFork(
  log: Log,
  replica: ReplicaId,
  after: Sequence,
  epoch: Epoch,
): Promise<void> {
  if (log.own.has(replica)) await log.reissue({ replica, after, ...leading(epoch) })
  else await log.setAside(replica, after, leading(epoch))
  tellRevision(log)
}

/** Our own commits behind `after` are stamped ahead of the hub's time. */
export async function resolveStamps(
  log: Log,
  {
    replica,
    after,
    hubTimeMs,
  }: { readonly replica: ReplicaId; readonly after: Sequence; readonly hubTimeMs: number },
  clock: WallClock,
  epoch: Epoch,
): Promise<void> {
  await log.reissue({ replica, after, clockOffsetMs: hubTimeMs - clock.now(), ...leading(epoch) })
  tellRevision(log)
}

/** Follows the hub's time where an offset is kept; where none is, the clock of this device counts. */
export async function followClock(
  log: Log,
  hubTimeMs: number,
  clock: WallClock,
  epoch: Epoch,
): Promise<void> {
  if (log.clockOffsetMs === 0) return
  const lacksMs = hubTimeMs - clock.now()
  if (Math.abs(lacksMs) < CLOCK_TOLERANCE_MS) await log.setClockOffset(0, leading(epoch))
  else if (Math.abs(lacksMs - log.clockOffsetMs) > OFFSET_TOLERANCE_MS)
    await log.setClockOffset(lacksMs, leading(epoch))
}
