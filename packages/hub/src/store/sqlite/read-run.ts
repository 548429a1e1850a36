/**
 * A read across threads: the thread lists what lies behind a position, the hub chooses what its reader lacks within the
 * bound, the thread reads that. So the bytes of what the reader holds are never read.
 */
import type { Position } from '@headwater/replication'
import type { HubRun, ReadBounds } from '../store.ts'
import type { IndexEntry, Stretch } from './calls.ts'
import type { DatabaseThread } from './database-thread.ts'

/** Reads what a reader lacks behind `after`. */
export async function readRun(
  thread: DatabaseThread,
  workspace: string,
  after: Position,
  bounds: ReadBounds,
): Promise<HubRun> {
  const { entries, head } = await thread.call('list', workspace, after)
  const { stretches, through } = chooseStretches(entries, after, bounds)
  const { commits, rolling } = await thread.call('readStretches', workspace, stretches, through)
  return { commits, through, rolling, isEnd: through >= head }
}

interface Choice {
  readonly stretches: readonly Stretch[]
  readonly through: Position
}

function chooseStretches(entries: readonly IndexEntry[], after: Position, bounds: ReadBounds): Choice {
  const { maxBytes, lacks = () => true } = bounds
  const stretches: [Position, Position][] = []
  let bytes = 0
  let through = after
  for (const { position, replica, lastSequence, size, isVoided } of entries) {
    if (!isVoided && lacks(replica, lastSequence)) {
      if (stretches.length > 0 && bytes + size > maxBytes) break
      bytes += size
      const open = stretches.at(-1)
      if (open?.[1] === position - 1) open[1] = position
      else stretches.push([position, position])
    }
    through = position
  }
  return { stretches, through }
}
