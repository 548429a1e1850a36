/**
 * Stores bases when the policy says so: looks at each view after it moved and on a slow timer, one checkpoint of a view
 * at a time. What storage refuses is told and tried again when it is next due; correctness never rests on it.
 */
import type { Scheduler } from '@headwater/log'
import { type CheckpointBounds, isCheckpointDue } from './checkpoint-policy.ts'
import type { View } from './view.ts'

/** A view whose base is stored. */
export interface StoredView {
  readonly view: View
  tailMs(): number
  overlayBytes(): number
  /** Milliseconds that its checkpoints have waited for folds so far: no work. */
  calmMs(): number
}

/** What the checkpoints are given. */
export interface CheckpointsOptions {
  readonly scheduler: Scheduler
  readonly bounds: CheckpointBounds
  readonly failed: (error: unknown) => void
  /** Called after each look at which this tab led and nothing was left to store. */
  readonly idle: () => void
}

/** The checkpoints of all views of a tab. */
export interface Checkpoints {
  /** One view more. */
  add(stored: StoredView): void
  /** Only the leader stores what is merely due. */
  setLeader(leads: boolean): void
  /** A view moved. */
  noteMoved(view: View): void
  /** Stores every base now. */
  storeAll(): Promise<void>
  stop(): void
}

interface Timed {
  readonly stored: StoredView
  movedAt: number
  begunAt: number
  endedAt: number
  tookMs: number
  running: boolean
}

const LOOK_MS = 250

/** Looks every quarter of a second, as long as there is something that may become due. */
export function createCheckpoints(options: CheckpointsOptions): Checkpoints {
  const { scheduler, bounds } = options
  const timed = new Map<View, Timed>()
  let leads = false
  let stopped = false
  let cancelLook: (() => void) | undefined
  const lookLater = (): void => {
    if (stopped || cancelLook) return
    cancelLook = scheduler.after(LOOK_MS, () => {
      cancelLook = undefined
      lookAll()
    })
  }
  const lookAll = (): void => {
    let isOpen = false
    for (const each of timed.values()) {
      lookAt(each)
      isOpen ||= each.running || (hasMoved(each) && tailOf(each.stored.view) > 0)
    }
    if (!leads) return
    if (isOpen) lookLater()
    else options.idle()
  }
  const lookAt = (each: Timed): void => {
    if (stopped || each.running || !isCheckpointDue(figuresOf(each, scheduler), bounds, leads)) return
    void storeTimed(each, options).then(lookLater)
  }
  return {
    add: (stored) => timed.set(stored.view, startTiming(stored, scheduler)),
    setLeader(isLeader) {
      leads = isLeader
      lookLater()
    },
    noteMoved(view) {
      const each = timed.get(view)
      if (!each) return
      each.movedAt = scheduler.elapsedMs()
      if (each.stored.overlayBytes() > bounds.overlayBytes) lookAt(each)
      if (leads) lookLater()
    },
    async storeAll() {
      await Promise.all([...timed.keys()].map((view) => view.checkpointNow(true)))
    },
    stop() {
      stopped = true
      cancelLook?.()
    },
  }
}

/** Never rejects: what is refused is told, and tried again. */
async function storeTimed(each: Timed, { scheduler, failed }: CheckpointsOptions): Promise<void> {
  each.begunAt = scheduler.elapsedMs()
  each.running = true
  const calmMs = each.stored.calmMs()
  try {
    await each.stored.view.checkpointNow(false)
  } catch (error) {
    each.movedAt = scheduler.elapsedMs()
    failed(error)
  }
  each.running = false
  each.endedAt = scheduler.elapsedMs()
  each.tookMs = each.endedAt - each.begunAt - (each.stored.calmMs() - calmMs)
}

function startTiming(stored: StoredView, scheduler: Scheduler): Timed {
  const now = scheduler.elapsedMs()
  return { stored, movedAt: now, begunAt: now, endedAt: now, tookMs: 0, running: false }
}

function hasMoved({ movedAt, begunAt }: Timed): boolean {
  return movedAt >= begunAt
}

function figuresOf(each: Timed, scheduler: Scheduler): Parameters<typeof isCheckpointDue>[0] {
  const { stored, movedAt, endedAt, tookMs } = each
  const now = scheduler.elapsedMs()
  return {
    tailMs: stored.tailMs(),
    tailEvents: tailOf(stored.view),
    overlayBytes: stored.overlayBytes(),
    quietMs: now - movedAt,
    hasMoved: hasMoved(each),
    lastTookMs: tookMs,
    sinceLastMs: now - endedAt,
  }
}

function tailOf({ position, checkpoint }: View): number {
  return position - checkpoint
}
