/**
 * Whether the holder of a lease is silent: by elapsed time of the tab that watches, since the clocks of two tabs need not
 * agree. A tab that slept itself has seen nothing meanwhile, so what counts is time between looks, each at most a bit more
 * than a beat.
 */
import type { Lease, Scheduler } from '@headwater/log'

/** After so long without a beat a leader counts as frozen. */
export const SILENCE_MS = 3_000
/** Time between two looks counts as at most this long: a watcher that was frozen must not take its own sleep for silence. */
const MAX_LOOK_MS = 1_500

/** Judges each lease that was read; true when its beat has stood still for too long. */
export function createSilenceWatch(scheduler: Pick<Scheduler, 'elapsedMs'>): (lease: Lease) => boolean {
  let seen = { epoch: -1, beat: -1 }
  let silentMs = 0
  let lookedMs = scheduler.elapsedMs()
  return ({ epoch, beat }) => {
    const nowMs = scheduler.elapsedMs()
    const isAlive = epoch !== seen.epoch || beat !== seen.beat
    silentMs = isAlive ? 0 : silentMs + Math.min(MAX_LOOK_MS, nowMs - lookedMs)
    lookedMs = nowMs
    seen = { epoch, beat }
    return silentMs >= SILENCE_MS
  }
}
