/**
 * Whether a hub has a commit. The leading tab says up to which offset the hub has everything, and what it refused; that is
 * enough for a receipt of this log, and for one of another replica once its commit has come.
 */
import { dataToError, HeadwaterError, type Log, type Receipt, type Scheduler } from '@headwater/log'
import { checkReceipt, findOffset, lastSequenceOf } from '../receipts.ts'
import { heardOrDue } from '../waiting.ts'
import type { SyncBoard } from './board.ts'

/** What waiting needs. */
export interface ReachedOptions {
  readonly log: Log
  readonly board: SyncBoard
  readonly scheduler: Scheduler
  readonly deadlineMs: number
  readonly signal: AbortSignal
}

/** Resolves when the hub has the commit. Errors: the refusal's code, `DEADLINE`, `ABORTED`, `QUERY_INVALID`. */
export async function waitUntilReached(receipt: Receipt, options: ReachedOptions): Promise<void> {
  const { log, board, scheduler, deadlineMs, signal } = options
  const dueMs = scheduler.elapsedMs() + deadlineMs
  checkReceipt(receipt)
  let isHeard = false
  let isFresh = false
  const off = board.subscribe(() => {
    isHeard = true
  })
  let place: number | undefined
  try {
    for (;;) {
      signal.throwIfAborted()
      isHeard = false
      const standing = await log.findReceipt(receipt)
      refuseRefused(standing, board)
      // A replacement lies elsewhere; where another replica's commit lies is decided once.
      if (place === undefined || standing.replica === log.replica) place = await findOffset(log, standing)
      if (place !== undefined && board.leader().acknowledged >= place) {
        if (isFresh) return
        // Another tab may have reissued it meanwhile, which is not known here yet.
        await log.refresh()
        isFresh = true
        continue
      }
      isFresh = false
      if (scheduler.elapsedMs() >= dueMs) throw overdue(receipt)
      if (!isHeard) await heardOrDue([board.subscribe], scheduler, dueMs - scheduler.elapsedMs(), signal)
    }
  } finally {
    off()
  }
}

/** What a hub refuses stays here, and so does what its replica wrote behind it. */
function refuseRefused(standing: Receipt, board: SyncBoard): void {
  const refusal = board
    .leader()
    .refused.find(
      ({ replica, firstSequence }) =>
        replica === standing.replica && firstSequence <= lastSequenceOf(standing),
    )
  if (refusal) throw dataToError(refusal.error)
}

function overdue({ replica, firstSequence }: Receipt): HeadwaterError {
  return new HeadwaterError(
    'DEADLINE',
    `The hub does not have commit ${firstSequence} of ${replica} in time.`,
    {
      hint: 'See `db.sync.get()`: it may be offline. The commit is kept and sent later.',
      facts: { replica, firstSequence },
    },
  )
}
