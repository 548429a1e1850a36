/**
 * Writes dumps when the index has been settled for two seconds, in whichever tab has it in memory: the leader may never
 * have searched. A dump that fails is tried again later and later; losing one costs time, never data.
 */
import { type HeadwaterError, isHeadwaterError, type Scheduler } from '@headwater/log'
import type { Dumps } from './dumps.ts'
import type { Follower } from './follower.ts'
import type { Keeper } from './keeper.ts'

/** Writes dumps in idle times. */
export interface IdleDumps {
  /** Why the last dump was not written, until one is. */
  readonly failure: HeadwaterError | undefined
  /** The index is settled: the quiet begins. */
  settled(): void
  /** Writes now if that is worth its while, or by force; rejects with what storage fails with. */
  now(force: boolean): Promise<void>
  /** Resolves when nothing is being written any more. */
  close(): Promise<void>
}

/** What idle dumps are given. */
export interface IdleDumpsOptions {
  readonly dumps: Dumps
  readonly scheduler: Scheduler
  readonly keeper: Pick<Keeper, 'whole' | 'mustBeOpen'>
}

const QUIET_MS = 2_000
/** The quiet doubles with each failure, so many times at most. */
const MOST_DOUBLINGS = 6

/** Idle dumps of one index. */
export function createIdleDumps(options: IdleDumpsOptions): IdleDumps {
  const { dumps, scheduler, keeper } = options
  let cancel: (() => void) | undefined
  let writing: Promise<void> | undefined
  let failures = 0
  let failure: HeadwaterError | undefined
  let closed = false
  const settled = (): void => {
    cancel?.()
    if (!closed) cancel = scheduler.after(QUIET_MS * 2 ** Math.min(failures, MOST_DOUBLINGS), whenQuiet)
  }
  const whenQuiet = (): void => {
    cancel = undefined
    if (keeper.whole?.backlog.size === 0) now(false).then(undefined, settled)
  }
  const now = async (force: boolean): Promise<void> => {
    // Who asked for the one before is told how it ended.
    while (writing) await writing.catch(() => undefined)
    const follower = keeper.whole
    if (closed || follower === undefined) return
    writing = write(follower, force).finally(() => {
      writing = undefined
    })
    await writing
  }
  const write = async (follower: Follower, force: boolean): Promise<void> => {
    failures++
    try {
      await dumps.store(follower, force, () => keeper.mustBeOpen())
    } catch (error) {
      if (isHeadwaterError(error)) failure = error
      throw error
    }
    failures = 0
    failure = undefined
  }
  return {
    get failure() {
      return failure
    },
    settled,
    now,
    async close() {
      closed = true
      cancel?.()
      await writing?.catch(() => undefined)
    },
  }
}
