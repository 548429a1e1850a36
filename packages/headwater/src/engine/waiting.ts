/**
 * Points that callers wait for: that of a receipt (D1), and the moment when every view has folded up to one.
 */
import { HeadwaterError, type Log, type Offset, type Receipt, type Scheduler } from '@headwater/log'
import type { Views } from '@headwater/views'
import type { Waiting } from '../protocol.ts'
import { findOffset, lastSequenceOf, standingOf } from './receipts.ts'

/** How long, and until when. */
export interface WaitOptions {
  readonly log: Log
  readonly scheduler: Scheduler
  readonly signal: AbortSignal
}

/** How often to look when nothing was heard. */
const LOOK_EVERY_MS = 20

/**
 * The offset from which an answer includes the receipt's commit: waits until this log holds it, when another replica wrote
 * it. Errors: `BEHIND_RECEIPT` at the deadline, `QUERY_INVALID`, `ABORTED`.
 */
export async function waitForReceipt(
  receipt: Receipt,
  deadlineMs: number,
  { log, scheduler, signal }: WaitOptions,
): Promise<Offset> {
  const dueMs = scheduler.elapsedMs() + deadlineMs
  for (;;) {
    signal.throwIfAborted()
    const head = log.head
    const offset = await findOffset(log, receipt)
    if (offset !== undefined) return offset
    if (scheduler.elapsedMs() >= dueMs) throw notHere(receipt)
    if (log.head > head) continue // it grew while we looked
    await heardOrDue([(done) => log.subscribe(done)], scheduler, dueMs - scheduler.elapsedMs(), signal)
  }
}

/**
 * What `ask` answers once it includes the receipt's commit. A commit that is reissued meanwhile leaves its place for one further
 * on, and an answer from between holds it at neither: it is asked again (D1). Errors: those of `waitForReceipt` and `ask`.
 */
export async function askFrom<Value>(
  receipt: Receipt,
  deadlineMs: number,
  options: WaitOptions,
  ask: (from: { readonly atLeast: Offset; readonly deadlineMs: number }) => Promise<Value>,
): Promise<Value> {
  const { log, scheduler } = options
  const dueMs = scheduler.elapsedMs() + deadlineMs
  const leftMs = (): number => Math.max(0, dueMs - scheduler.elapsedMs())
  for (;;) {
    const before = await standingOf(log, receipt)
    const atLeast = await waitForReceipt(receipt, leftMs(), options)
    const value = await ask({ atLeast, deadlineMs: leftMs() })
    const { replica, firstSequence } = await standingOf(log, receipt)
    if (replica === before.replica && firstSequence === before.firstSequence) return value
  }
}

/** What `waitUntilSettled` needs. */
export interface SettleOptions extends WaitOptions {
  readonly views: Pick<Views, 'status' | 'onStatus' | 'onChanges'>
}

/** Resolves when every view that is not stopped has reached the head as of now, or the receipt. `DEADLINE`, `ABORTED`. */
export async function waitUntilSettled(waiting: Waiting, options: SettleOptions): Promise<void> {
  const { log, views, scheduler, signal } = options
  const dueMs = scheduler.elapsedMs() + waiting.deadlineMs
  const { atLeast, deadlineMs } = waiting
  const offset = atLeast === undefined ? 0 : await waitForReceipt(atLeast, deadlineMs, options)
  const target = Math.max(await log.refresh(), offset)
  for (;;) {
    signal.throwIfAborted()
    const behind = views.status().find((view) => !isStopped(view.state) && view.position < target)
    if (behind === undefined) return
    if (scheduler.elapsedMs() >= dueMs) throw unsettled(behind.name, behind.position, target)
    // Positions may move without touching a key.
    await heardOrDue([views.onChanges, views.onStatus], scheduler, LOOK_EVERY_MS, signal)
  }
}

function isStopped(state: ReturnType<Views['status']>[number]['state']): boolean {
  return state === 'parked' || state === 'paused' || state === 'stale'
}

/** Resolves when one of the sources calls back, after `waitMs`, or when aborted. */
export function heardOrDue(
  sources: readonly ((done: () => void) => () => void)[],
  scheduler: Scheduler,
  waitMs: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const off of offs) off()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const offs = [...sources.map((subscribe) => subscribe(done)), scheduler.after(waitMs, done)]
    signal.addEventListener('abort', done)
  })
}

function notHere(receipt: Receipt): HeadwaterError {
  const { replica } = receipt
  return new HeadwaterError('BEHIND_RECEIPT', `The commit of replica ${replica} has not come in time.`, {
    hint: 'It comes by syncing: see `db.sync`, and give it more time with `deadlineMs`.',
    facts: { replica, sequence: lastSequenceOf(receipt) },
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
