/**
 * Tables and aggregates as they stood at an offset: the same groups as the live ones, folded by the same code on the side,
 * from the stored base where it is old enough, else from the origin. Nothing of the live views is touched: not their states,
 * not their cache, not their locks. A view that cannot be folded so far is parked alone (V6) and says so when it is asked.
 */
import { HeadwaterError, isHeadwaterError, type Offset } from '@headwater/log'
import { parked } from '../group/answer.ts'
import type { GroupOptions } from '../group/unit.ts'
import { createViewGroup, type ViewGroup } from '../group/view-group.ts'
import { createMemoryLocks, type Hold } from '../locks.ts'
import { usableContent } from '../state/manifest.ts'
import { createPageCache } from '../state/page-cache.ts'
import { type PinnedManifest, pinCurrent } from '../state/pin.ts'
import type { Answer, ViewRequest } from '../view.ts'
import type { PastViews, ProgressOptions, QueryOptions } from '../views.ts'
import { foldUpTo } from './fold-up-to.ts'
import { logUpTo } from './log-up-to.ts'
import { createPastStore } from './past-store.ts'

const CACHE_BYTES = 16 * 1_048_576
const DEADLINE_MS = 10_000

/** One group in the past. */
interface PastGroup {
  readonly group: ViewGroup
  readonly options: GroupOptions
  /** Keeps the live base that it began from. */
  readonly hold: Hold | undefined
}

/**
 * Folds these groups up to an offset, the end of a commit. Rejects with `ABORTED` and what storage rejects with.
 */
export async function openPastViews(
  live: readonly GroupOptions[],
  offset: Offset,
  progress: ProgressOptions,
): Promise<PastViews> {
  const cache = createPageCache(CACHE_BYTES)
  const groups = await Promise.all(live.map((options) => openGroup(options, offset, cache)))
  let ended: HeadwaterError | undefined
  const close = async (): Promise<void> => {
    ended ??= new HeadwaterError('CLOSED', `The views at offset ${offset} have been closed.`, {
      hint: 'Open them again.',
    })
    for (const { group, hold } of groups) {
      await group.close()
      hold?.release()
    }
  }
  try {
    const tell = sumProgress(groups, offset, progress)
    await Promise.all(groups.map((each, i) => foldGroup(each, { ...progress, onProgress: tell(i) })))
  } catch (error) {
    await close()
    throw error
  }
  return {
    offset,
    async query(request, options = {}) {
      if (ended) throw ended
      return ask(groups, request, options, () => ended)
    },
    close,
  }
}

async function openGroup(
  live: GroupOptions,
  offset: Offset,
  cache: GroupOptions['cache'],
): Promise<PastGroup> {
  const { log, definition } = live
  const pinned = await pinUpTo(live, definition.lineage, offset)
  const head = (): Offset => offset
  const options: GroupOptions = {
    ...live,
    log: logUpTo(log, head),
    head,
    headKnown: async () => undefined,
    store: createPastStore(live.store).open(pinned?.manifest),
    locks: createMemoryLocks(),
    cache,
    scheduler: { ...live.scheduler, nextTurn: live.backgroundTurn },
  }
  const group = createViewGroup(options)
  await group.restore()
  return { group, options, hold: pinned?.hold }
}

/** The live base of a lineage, when it is of this log and not from beyond the offset. */
async function pinUpTo(
  live: GroupOptions,
  lineage: string,
  offset: Offset,
): Promise<PinnedManifest | undefined> {
  const pinned = await pinCurrent(live, lineage)
  const content = pinned && usableContent(pinned.manifest.text, live.log.id)
  if (content && content.checkpoint <= offset) return pinned
  pinned?.hold.release()
  return undefined
}

/** What does not stand any more is taken out of the base first, and of what was folded meanwhile at the end. */
async function foldGroup({ group, options }: PastGroup, progress: ProgressOptions): Promise<void> {
  const { log, slice } = options
  for (let version = -1; version !== log.voidsVersion; ) {
    version = log.voidsVersion
    const after = group.feedAfter
    const voids = await log.readVoided(after, { types: group.types })
    const nothing = { events: [], skipped: [], quarantined: [], unknown: new Map(), through: after, after }
    if (voids.length > 0) await group.fold({ ...nothing, voids }, slice)
    try {
      await foldUpTo(group, options, progress)
    } catch (error) {
      if (isHeadwaterError(error, 'RECORD_DAMAGED') || isHeadwaterError(error, 'FORMAT_NEWER'))
        group.park(error)
      else if (!isHeadwaterError(error, 'VIEW_PARKED')) throw error
    }
  }
}

async function ask(
  groups: readonly PastGroup[],
  request: ViewRequest,
  { deadlineMs = DEADLINE_MS, signal }: QueryOptions,
  ended: () => HeadwaterError | undefined,
): Promise<Answer> {
  const found = groups.find(({ group }) => group.answersFor.includes(request.view))
  if (!found) throw notInThePast(request.view, groups)
  const { group, options } = found
  const { scheduler } = options
  const dueMs = scheduler.elapsedMs() + deadlineMs
  for (;;) {
    const end = ended()
    if (end) throw end
    if (group.error && !group.hopes) throw parked(request.view, group.error)
    try {
      return await group.answer(request, signal)
    } catch (error) {
      const mayWait = isHeadwaterError(error, 'VIEW_REBUILDING') && scheduler.elapsedMs() < dueMs
      if (!mayWait || signal?.aborted) throw error
    }
    await foldGroup(found, signal ? { signal } : {}) // its base was lost, or a part of it still grows
    await scheduler.nextTurn()
  }
}

/** One progress of several groups: all that they have to fold, and how much of that they have. */
function sumProgress(
  groups: readonly PastGroup[],
  offset: Offset,
  { onProgress }: ProgressOptions,
): (index: number) => (progress: { readonly done: number }) => void {
  const starts = groups.map(({ group }) => Number(group.feedAfter))
  const reached = [...starts]
  const total = starts.reduce((sum, start) => sum + offset - start, 0)
  return (index) =>
    ({ done }) => {
      reached[index] = Math.max(reached[index]!, done)
      onProgress?.({ done: reached.reduce((sum, at, i) => sum + at - starts[i]!, 0), total })
    }
}

function notInThePast(view: string, groups: readonly PastGroup[]): HeadwaterError {
  const names = groups.flatMap(({ group }) => group.answersFor.map((name) => `"${name}"`))
  return new HeadwaterError('VIEW_UNKNOWN', `There is no table or aggregate named "${view}" in the past.`, {
    hint: `What can be asked there is ${names.join(', ')}.`,
    facts: { view },
  })
}
