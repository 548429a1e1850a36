/**
 * Who replicates for all tabs of a database. A Web Lock elects one, and a lease in the log's database makes it safe: its
 * epoch is checked inside the transactions that merge, so that a tab which was frozen and wakes up can do no harm, and
 * its beat shows that the leader is alive. A frozen tab keeps its Web Lock; so a tab that waits and sees no beat for three
 * seconds raises the epoch and leads without the lock. Two leaders at once cost a connection, never correctness. The lease
 * says how its holder came to lead: where that was by the lock, whoever gets the lock next knows that the holder is gone.
 *
 * Time is elapsed time of the tab that watches, since the clocks of two tabs need not agree.
 */
import { isHeadwaterError, type Lease, type Log, type Scheduler } from '@headwater/log'
import type { Locks } from '@headwater/views'

/** What standing for leadership takes. */
export interface LeadershipOptions {
  /** The Web Lock that elects. */
  readonly lock: string
  /** Names this tab: no other has the name. */
  readonly name: string
  readonly lease: Log['lease']
  readonly locks: Locks
  readonly scheduler: Scheduler
  /** This tab leads from now on, under this epoch. */
  readonly onLead: (epoch: number) => void
  /** Another tab has raised the epoch: this one no longer leads. */
  readonly onLost: () => void
  readonly onError: (error: unknown) => void
}

/** A tab that leads or waits to. */
export interface Leadership {
  /** Lets go of it, or stops waiting; resolves when the lease is no longer touched. */
  readonly close: () => Promise<void>
}

/** How often the leader says that it is alive, and the others look. */
const BEAT_EVERY_MS = 1_000
/** How a holder of the lease came to lead. */
const BY_LOCK = 'by lock: '
const BY_SILENCE = 'by silence: '
/** After so long without a beat a leader counts as frozen. */
export const SILENCE_MS = 3_000

/** Stands for leadership until closed. */
export function standForLeadership(options: LeadershipOptions): Leadership {
  const { lease, locks, scheduler, onError } = options
  const stop = new AbortController()
  let release = (): void => undefined
  let hasLock = false
  let epoch: number | undefined
  let cancel = (): void => undefined
  let underWay: Promise<void> = Promise.resolve()
  let seen = { epoch: -1, beat: -1, sinceMs: 0 }

  const lead = (taken: Lease | undefined): void => {
    if (taken === undefined || stop.signal.aborted) return
    epoch = taken.epoch
    options.onLead(taken.epoch)
  }
  const lose = (): void => {
    epoch = undefined
    options.onLost()
    if (!hasLock) return // it waits for the lock still
    release() // the one who leads may have it
    void waitForLock()
  }
  /** Whether the one who leads now has given no sign of life for so long that it counts as frozen. */
  const isSilent = (now: Lease): boolean => {
    const nowMs = scheduler.elapsedMs()
    if (now.epoch !== seen.epoch || now.beat !== seen.beat) seen = { epoch: now.epoch, beat: now.beat, sinceMs: nowMs }
    return nowMs - seen.sinceMs >= SILENCE_MS
  }
  const look = async (): Promise<void> => {
    if (epoch !== undefined) {
      await lease.beat(epoch)
      return
    }
    const now = await lease.read()
    const isVacant = hasLock && (now.epoch === 0 || now.holder.startsWith(BY_LOCK))
    if (isVacant || isSilent(now)) lead(await lease.take(now.epoch, (hasLock ? BY_LOCK : BY_SILENCE) + options.name))
  }
  const turn = (): void => {
    cancel()
    underWay = underWay
      .then(look)
      .catch((error: unknown) => {
        if (epoch !== undefined && isHeadwaterError(error, 'SUPERSEDED')) lose()
        else if (!stop.signal.aborted) onError(error)
      })
      .then(() => {
        if (!stop.signal.aborted) cancel = scheduler.after(BEAT_EVERY_MS, turn)
      })
  }
  const soon = (): void => {
    cancel()
    cancel = scheduler.after(0, turn)
  }
  const waitForLock = async (): Promise<void> => {
    try {
      const hold = await locks.exclusive(options.lock, stop.signal)
      release = () => {
        hasLock = false
        hold.release()
      }
      hasLock = true
      if (stop.signal.aborted) release()
      else if (epoch === undefined) soon()
    } catch (error) {
      if (!isHeadwaterError(error, 'ABORTED')) onError(error)
    }
  }
  void waitForLock()
  turn()
  return {
    close: async () => {
      stop.abort()
      cancel()
      await underWay
      release()
    },
  }
}
