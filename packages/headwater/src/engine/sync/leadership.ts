/**
 * Who replicates for all tabs of a database. A Web Lock elects one, and a lease in the log's database makes it safe: its
 * epoch is checked inside the transactions that merge, so that a tab which was frozen and wakes up can do no harm, and
 * its beat shows that the leader is alive. A frozen tab keeps its Web Lock; so a tab that waits and sees no beat for three
 * seconds raises the epoch and leads without the lock. Two leaders at once cost a connection, never correctness. The lease
 * says how its holder came to lead: where that was by the lock, whoever gets the lock next knows that the holder is gone.
 */
import { isHeadwaterError, type LeaseBook, type Scheduler } from '@headwater/log'
import type { Hold, Locks } from '@headwater/views'
import { createSilenceWatch } from './silence.ts'

/** What standing for leadership takes. */
export interface LeadershipOptions {
  /** The Web Lock that elects. */
  readonly lock: string
  /** Names this tab: no other has the name. */
  readonly name: string
  readonly lease: LeaseBook
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
  /** Looks now whether it still leads, or may. */
  readonly look: () => void
  /** Lets go of it, or stops waiting; resolves when the lease is no longer touched. Idempotent. */
  readonly close: () => Promise<void>
}

/** How often the leader says that it is alive, and the others look. */
export const BEAT_EVERY_MS = 1_000
/** How a holder of the lease came to lead. */
const BY_LOCK = 'by lock: '
const BY_SILENCE = 'by silence: '

/** Stands for leadership until closed. */
export function standForLeadership(options: LeadershipOptions): Leadership {
  const { lease, scheduler, onError } = options
  const stop = new AbortController()
  const isSilent = createSilenceWatch(scheduler)
  let epoch: number | undefined
  let cancel = (): void => undefined
  let underWay: Promise<void> = Promise.resolve()

  const takeIfFree = async (): Promise<void> => {
    const now = await lease.read()
    const isVacant = lock.isHeld() && (now.epoch === 0 || now.holder.startsWith(BY_LOCK))
    if (!isVacant && !isSilent(now)) return
    const taken = await lease.take(now.epoch, (lock.isHeld() ? BY_LOCK : BY_SILENCE) + options.name)
    if (taken === undefined || stop.signal.aborted) return
    epoch = taken.epoch
    options.onLead(epoch)
  }
  const beatOrTake = async (): Promise<void> => {
    if (stop.signal.aborted) return
    try {
      if (epoch === undefined) await takeIfFree()
      else await lease.beat(epoch)
    } catch (error) {
      if (epoch !== undefined && isHeadwaterError(error, 'SUPERSEDED')) lose()
      else if (!stop.signal.aborted) onError(error)
    }
  }
  const lose = (): void => {
    epoch = undefined
    options.onLost()
    lock.giveUp() // the one who leads may have it
  }
  const look = (): void => {
    cancel()
    underWay = underWay.then(beatOrTake).then(() => {
      cancel()
      if (!stop.signal.aborted) cancel = scheduler.after(BEAT_EVERY_MS, look)
    })
  }
  const lock = waitForLock(options, stop.signal, look)
  look()
  return {
    look,
    close: async () => {
      stop.abort()
      cancel()
      await underWay
      lock.release()
    },
  }
}

/** A lock that is waited for, held, and waited for again once it was given up. */
interface WaitedLock {
  readonly isHeld: () => boolean
  /** Lets the next one have it, and waits again behind that. */
  readonly giveUp: () => void
  readonly release: () => void
}

function waitForLock(
  { locks, lock, onError }: LeadershipOptions,
  stop: AbortSignal,
  onHeld: () => void,
): WaitedLock {
  let hold: Hold | undefined
  const wait = async (): Promise<void> => {
    try {
      const held = await locks.exclusive(lock, stop)
      if (stop.aborted) return held.release()
      hold = held
      onHeld()
    } catch (error) {
      if (!isHeadwaterError(error, 'ABORTED')) onError(error)
    }
  }
  const release = (): void => {
    hold?.release()
    hold = undefined
  }
  void wait()
  return {
    isHeld: () => hold !== undefined,
    giveUp: () => {
      if (hold === undefined) return // it waits still
      release()
      void wait()
    },
    release,
  }
}
