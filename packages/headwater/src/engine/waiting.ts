/**
 * Points that callers wait for: the offset of a receipt (D1), and the moment when every view has folded up to one.
 */
import { HeadwaterError, type Log, type Offset, type Scheduler } from '@headwater/log'
import type { Views } from '@headwater/views'
import type { Waiting } from '../protocol.ts'

/** The offset of a receipt, or `QUERY_INVALID` for one of another log: its offsets mean nothing here. */
export function offsetOf(log: Log, atLeast: Waiting['atLeast']): Offset | undefined {
  if (atLeast === undefined) return undefined
  if (atLeast.replica === log.replica) return atLeast.offset
  throw new HeadwaterError('QUERY_INVALID', `"atLeast" is a receipt of replica ${atLeast.replica}.`, {
    hint: `Its offset holds in that replica's own log only; this log is of replica ${log.replica}.`,
    facts: { replica: atLeast.replica },
  })
}

/** What `waitUntilSettled` needs. */
export interface SettleOptions {
  readonly log: Log
  readonly views: Pick<Views, 'status' | 'onStatus' | 'onChanges'>
  readonly scheduler: Scheduler
  readonly signal: AbortSignal
}

/** How often to look when nothing was heard: positions may move without touching a key. */
const LOOK_EVERY_MS = 20

/** Resolves when every view that is not stopped has reached the head as of now, or the receipt. `DEADLINE`, `ABORTED`. */
export async function waitUntilSettled(waiting: Waiting, options: SettleOptions): Promise<void> {
  const { log, views, scheduler, signal } = options
  const dueMs = scheduler.elapsedMs() + waiting.deadlineMs
  const target = Math.max(await log.refresh(), offsetOf(log, waiting.atLeast) ?? 0)
  for (;;) {
    signal.throwIfAborted()
    const behind = views.status().find((view) => !isStopped(view.state) && view.position < target)
    if (behind === undefined) return
    if (scheduler.elapsedMs() >= dueMs) throw unsettled(behind.name, behind.position, target)
    await heardOrDue(options)
  }
}

function isStopped(state: ReturnType<Views['status']>[number]['state']): boolean {
  return state === 'parked' || state === 'stale'
}

function heardOrDue({ views, scheduler, signal }: SettleOptions): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      offs.forEach((off) => {
        off()
      })
      signal.removeEventListener('abort', done)
      resolve()
    }
    const offs = [views.onChanges(done), views.onStatus(done), scheduler.after(LOOK_EVERY_MS, done)]
    signal.addEventListener('abort', done)
  })
}

function unsettled(view: string, position: number, target: number): HeadwaterError {
  return new HeadwaterError(
    'DEADLINE',
    `View "${view}" is at ${position} and has not reached ${target} in time.`,
    {
      hint: 'Give it more time with `deadlineMs`, or see in `status` what the view is doing.',
      facts: { view, position, target },
    },
  )
}
