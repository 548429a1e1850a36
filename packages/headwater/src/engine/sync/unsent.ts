/**
 * Whether a log holds what nobody else has: standing commits of its own behind what the hub acknowledged.
 */
import { HeadwaterError, type Log, type Offset } from '@headwater/log'

/** Rejects with `UNSENT` when the log holds own commits behind `acknowledged`. */
export async function refuseUnsent(log: Log, acknowledged: number): Promise<void> {
  await log.refresh()
  for (let at = acknowledged as Offset; ; ) {
    const { commits, through } = await log.readChained(at)
    if (commits.some(({ isOwn }) => isOwn)) throw unsent(log.head - acknowledged)
    if (through <= at) return
    at = through
  }
}

function unsent(pending: number): HeadwaterError {
  return new HeadwaterError('UNSENT', 'The hub does not have all commits of this device yet.', {
    hint: 'Wait until `db.sync.get().pending` is 0, or destroy with { force: true } and lose them.',
    facts: { pending },
  })
}
