/**
 * Which moment the page shows: now, or one of the past that was opened by `db.at` beside the live views. A store outside of
 * React, since the whole page follows it. A wish replaces the one before; what was shown stays until the next moment is
 * there, and is closed a little later, when nothing reads it any more.
 */
import type { Database } from 'headwater'
import type { Tracker } from '../../model.ts'
import { type FaultText, faultOf } from '../../page/fault-of.ts'

export type PastMoment = Awaited<ReturnType<Database<Tracker>['at']>>

export interface Travel {
  /** Whether the bar is open. */
  readonly isOpen: boolean
  /** What the page shows; nothing while it shows now. */
  readonly shown: PastMoment | undefined
  /** The offset that is wanted; nothing for now. */
  readonly wanted: number | undefined
  /** While the wanted moment is being folded: 0 to 1. */
  readonly progress: number | undefined
  readonly error: FaultText | undefined
}

/** Moves within this time are one. */
const DEBOUNCE_MS = 120
/** A moment is let go of when the page has long taken the next. */
const KEPT_MS = 2_000

const NOW: Travel = {
  isOpen: false,
  shown: undefined,
  wanted: undefined,
  progress: undefined,
  error: undefined,
}

let travel = NOW
let opening: AbortController | undefined
const listeners = new Set<() => void>()

export const getTravel = (): Travel => travel

export function subscribeToTravel(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function change(part: Partial<Travel>): void {
  travel = { ...travel, ...part }
  for (const listener of listeners) listener()
}

export const openTravel = (): void => change({ isOpen: true })

/** Back to now, with the bar as it is. */
export function returnToNow(): void {
  opening?.abort()
  letGo(travel.shown)
  change({ ...NOW, isOpen: travel.isOpen })
}

export function closeTravel(): void {
  returnToNow()
  change({ isOpen: false })
}

/** Wants the page to show the log up to `offset`. */
export function travelTo(db: Pick<Database<Tracker>, 'at'>, offset: number): void {
  opening?.abort()
  const controller = new AbortController()
  opening = controller
  change({ wanted: offset, progress: 0, error: undefined })
  setTimeout(() => {
    if (!controller.signal.aborted) void openMoment(db, offset, controller.signal)
  }, DEBOUNCE_MS)
}

async function openMoment(
  db: Pick<Database<Tracker>, 'at'>,
  offset: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    const moment = await db.at(offset, {
      signal,
      onProgress: ({ done, total }) => {
        if (!signal.aborted) change({ progress: total === 0 ? 1 : done / total })
      },
    })
    if (signal.aborted) return letGo(moment)
    letGo(travel.shown)
    change({ shown: moment, progress: undefined })
  } catch (error) {
    if (!signal.aborted) change({ progress: undefined, error: faultOf(error) })
  }
}

function letGo(moment: PastMoment | undefined): void {
  // Closing only frees memory: where it fails, the engine has gone, and the memory with it.
  if (moment) setTimeout(() => void moment.close().catch(() => undefined), KEPT_MS)
}
