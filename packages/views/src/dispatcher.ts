/**
 * The dispatcher: follows the log and feeds each view what is new, in batches that views at one position share. Every view
 * has a loop of its own, so that none waits for another; a view that cannot read on is parked there, alone (V6), and what
 * storage refuses for the moment is tried again after a pause. When to store bases is decided elsewhere.
 */
import { isHeadwaterError, type Log, type Offset, type Scheduler } from '@headwater/log'
import type { SharedReads } from './dispatcher-reads.ts'
import type { FedView } from './fed-view.ts'
import { isInLog } from './in-log.ts'

/** What a dispatcher is given. */
export interface DispatcherOptions {
  readonly log: Log
  readonly reads: SharedReads
  readonly scheduler: Scheduler
  /** A view was fed. */
  readonly fed: (view: FedView) => void
  /** Is told of what was refused to a view, before it is tried again. */
  readonly failed: (view: FedView, error: unknown) => void
}

/** The dispatcher. */
export interface Dispatcher {
  /** Begins to feed a view. */
  add(view: FedView): void
  /** Looks at a view again: it was rebuilt, unparked, or what it derives from moved. */
  wake(view: FedView): void
  /** Ends the loops; resolves when none is in the middle of something. */
  stop(): Promise<void>
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000

/** A dispatcher without views yet. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { log, scheduler } = options
  const bells = new Map<FedView, Bell>()
  let stopped = false
  const loops: Promise<void>[] = []
  const follow = async (view: FedView, bell: Bell): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS
    const pause = async (): Promise<void> => {
      let isOver = false
      const cancel = scheduler.after(pauseMs, () => {
        isOver = true
        bell.ring()
      })
      await bell.rung()
      cancel()
      if (isOver) pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
    }
    while (!stopped) {
      try {
        const fed = await feedOnce(options, view)
        if (fed === 'moved') options.fed(view)
        if (fed === 'missed') await pause()
        else {
          pauseMs = FIRST_PAUSE_MS
          await (fed === 'moved' ? scheduler.nextTurn() : bell.rung())
        }
      } catch (error) {
        if (stopped || isHeadwaterError(error, 'CLOSED')) return
        bell.still() // a view tells of itself also when it could not be fed
        options.failed(view, error)
        await pause()
      }
    }
  }
  const ringAll = (): void => {
    for (const bell of bells.values()) bell.ring()
  }
  const unsubscribe = log.subscribe(ringAll)
  return {
    add(view) {
      const bell = createBell()
      bells.set(view, bell)
      loops.push(follow(view, bell))
    },
    wake: (view) => bells.get(view)?.ring(),
    async stop() {
      stopped = true
      unsubscribe()
      ringAll()
      await Promise.all(loops)
    },
  }
}

/**
 * How feeding went: the view `moved`; there is `nothing` for it now; or the log gave nothing although it is said to go on,
 * which no bell will tell of again (`missed`).
 */
type Fed = 'moved' | 'nothing' | 'missed'

async function feedOnce({ log, reads }: DispatcherOptions, view: FedView): Promise<Fed> {
  const after = view.feedAfter()
  const upTo = view.feedUpTo(log.head)
  if (view.isStopped() || after >= upTo) return 'nothing'
  if (!view.readsEvents) {
    await view.feedTo(upTo)
    return 'moved'
  }
  const batch = await readFor(reads, view, after)
  if (batch === undefined) return 'nothing'
  if (batch.through <= after) return 'missed'
  await view.feed(batch)
  return 'moved'
}

/** What lies in the log and cannot be read parks the view; it never folds past it. */
async function readFor(
  reads: SharedReads,
  view: FedView,
  after: Offset,
): Promise<Awaited<ReturnType<SharedReads['read']>> | undefined> {
  try {
    return await reads.read(after)
  } catch (error) {
    if (!isInLog(error)) throw error
    view.park(error)
    return undefined
  }
}

/** A bell: who waits goes on when it rings, at once when it rang since the last wait. */
interface Bell {
  ring(): void
  /** It has not rung. */
  still(): void
  rung(): Promise<void>
}

function createBell(): Bell {
  let rang = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rang = true
      wake?.()
    },
    still() {
      rang = false
    },
    async rung() {
      if (!rang) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      rang = false
      wake = undefined
    },
  }
}
