/**
 * The jobs that one tab does for all: storing bases (one leader per build of the app, since builds keep bases of their
 * own) and packing the log (one packer per log). A Web Lock elects each; it is gone with the tab that held it. Election
 * saves work only: two leaders would be slower, never wrong.
 */
import { isHeadwaterError, type Log, type Scheduler } from '@headwater/log'
import type { AnyView, Hold, Locks } from '@headwater/views'

/** A job held or waited for. */
export interface Place {
  /** Lets go of it, or stops waiting. */
  readonly close: () => void
}

/** What stands for the jobs. */
export interface JobsOptions {
  /** Prefix of the locks: the database's name. */
  readonly scope: string
  readonly definitions: readonly AnyView[]
  readonly log: Log
  readonly locks: Locks
  readonly scheduler: Scheduler
  /** This tab is to store bases from now on. */
  readonly onLead: () => void
  readonly onError: (error: unknown) => void
}

/** Stands for both jobs, until closed. */
export function standForJobs(options: JobsOptions): Place {
  const { scope, definitions, log, locks, scheduler, onLead, onError } = options
  let packing: Place | undefined
  const pack = (): void => {
    packing = keepPacked(log, scheduler, onError)
  }
  const leader = standFor(locks, `${scope}:leader:${buildName(definitions)}`, onLead, onError)
  const packer = standFor(locks, `${scope}:packer:${log.id}`, pack, onError)
  return {
    close: () => {
      for (const place of [packing, packer, leader]) place?.close()
    },
  }
}

/** Calls `onHeld` once this tab holds `name`, however long that takes. */
function standFor(locks: Locks, name: string, onHeld: () => void, onError: (error: unknown) => void): Place {
  const stop = new AbortController()
  let held: Hold | undefined
  const wait = async (): Promise<void> => {
    try {
      held = await locks.exclusive(name, stop.signal)
      if (stop.signal.aborted) held.release()
      else onHeld()
    } catch (error) {
      if (!isHeadwaterError(error, 'ABORTED')) onError(error)
    }
  }
  void wait()
  return {
    close: () => {
      stop.abort()
      held?.release()
    },
  }
}

/** Names a build by what its views are folded by, so that old and new builds elect leaders of their own. */
function buildName(views: readonly AnyView[]): string {
  return views.map(({ kind, name, version }) => `${kind} ${name} ${version}`).join(', ')
}

const QUIET_MS = 1_000
const BUSY_MS = 10_000

/** Packs the log whenever it has been quiet for a second, and every ten while it is busy, until closed. */
function keepPacked(log: Log, scheduler: Scheduler, onError: (error: unknown) => void): Place {
  const stop = new AbortController()
  let cancel = (): void => undefined
  let dueMs: number | undefined
  let packing = false

  const pack = async (): Promise<void> => {
    dueMs = undefined
    if (packing) return plan() // storage that hangs is not asked in a loop
    packing = true
    try {
      await log.pack(stop.signal)
    } catch (error) {
      if (!stop.signal.aborted) onError(error)
    }
    packing = false
  }
  const plan = (): void => {
    cancel()
    const nowMs = scheduler.elapsedMs()
    dueMs ??= nowMs + BUSY_MS
    cancel = scheduler.after(Math.max(0, Math.min(QUIET_MS, dueMs - nowMs)), () => void pack())
  }
  const off = log.subscribe(plan)
  plan()
  return {
    close: () => {
      stop.abort()
      cancel()
      off()
    },
  }
}
