/**
 * Whether a log holds what the hub does not: standing commits behind what the hub acknowledged, whoever wrote them (an import
 * is of this device, too), or commits that it refused. What is on its way is waited for a little.
 */
import { HeadwaterError, type Log, type Offset, type Scheduler } from '@headwater/log'
import { heardOrDue } from '../waiting.ts'
import type { SyncBoard } from './board.ts'

/** What looking takes. */
export interface UnsentOptions {
  readonly log: Log
  readonly board: SyncBoard
  readonly scheduler: Scheduler
  readonly signal: AbortSignal
}

/** How long commits may be on their way, while there is a connection. */
const PATIENCE_MS = 2_000

/** Rejects with `UNSENT` when the hub lacks anything, or `ABORTED`. */
export async function refuseUnsent({ log, board, scheduler, signal }: UnsentOptions): Promise<void> {
  const dueMs = scheduler.elapsedMs() + PATIENCE_MS
  await log.refresh()
  for (;;) {
    signal.throwIfAborted()
    const { acknowledged, refused, state } = board.leader()
    if (refused.length === 0 && !(await holdsBehind(log, acknowledged))) return
    const isOnItsWay = refused.length === 0 && (state === 'live' || state === 'catching up')
    const leftMs = dueMs - scheduler.elapsedMs()
    if (!isOnItsWay || leftMs <= 0) throw unsent(log.head - acknowledged)
    await heardOrDue([board.subscribe], scheduler, leftMs, signal)
  }
}

/** Voided commits are nobody's loss. */
async function holdsBehind(log: Log, offset: number): Promise<boolean> {
  for (let at = offset as Offset; ; ) {
    const { commits, through } = await log.readCommits(at, { maxBytes: 1 })
    if (commits.length > 0) return true
    if (through <= at) return false
    at = through
  }
}

function unsent(pending: number): HeadwaterError {
  return new HeadwaterError('UNSENT', 'The hub does not have all commits of this device.', {
    hint: 'Wait until `db.sync.get().pending` is 0, or destroy with { force: true } and lose them.',
    facts: { pending },
  })
}
