/**
 * Tables and aggregates as they stood at an offset, folded on the side. Nothing of the live views is touched: not their
 * states, not their cache, not their locks but a shared pin of the base that is begun from. A view that cannot be folded so far
 * is parked alone (V6) and says so when it is asked. What makes moving about quick is kept for as long as anything is open,
 * and for a few seconds longer.
 */
import { HeadwaterError, isHeadwaterError, type Offset } from '@headwater/log'
import { parked } from '../group/answer.ts'
import type { GroupOptions } from '../group/unit.ts'
import { createPageCache } from '../state/page-cache.ts'
import type { Answer, ViewRequest } from '../view.ts'
import type { PastViews, ProgressOptions, QueryOptions, ViewsBounds } from '../views.ts'
import { createKeptStates } from './kept-states.ts'
import { openPastGroup, type PastGround, type PastGroup } from './past-group.ts'
import { createPastStore } from './past-store.ts'

/** The past of a tab's views. */
export interface Past {
  /** Opens a moment, the end of a commit. Rejects with `ABORTED`, `CLOSED` and what storage rejects with. */
  open(offset: Offset, progress: ProgressOptions): Promise<PastViews>
  /** Ends everything that is open, and lets go of what is kept. Idempotent. */
  close(): Promise<void>
}

const CACHE_BYTES = 16 * 1_048_576
const DEADLINE_MS = 10_000
/** How long states are kept after nothing is open any more. */
const KEPT_MS = 10_000

/** The past of these groups, of one database. */
export function createPast(
  live: readonly GroupOptions[],
  {
    store,
    scheduler,
    keptBefore,
  }: Pick<GroupOptions, 'store' | 'scheduler'> & Pick<ViewsBounds, 'keptBefore'>,
): Past {
  const pages = createPastStore(store)
  const kept = createKeptStates(pages)
  const ground: PastGround = { store: pages, kept, cache: createPageCache(CACHE_BYTES), keptBefore }
  const open = new Set<OpenMoment>()
  let cancelClear = (): void => undefined
  let ended = false
  const close = async (moment: OpenMoment): Promise<void> => {
    if (!open.delete(moment)) return
    await moment.close()
    if (open.size > 0 || ended) return
    cancelClear()
    cancelClear = scheduler.after(KEPT_MS, () => {
      kept.clear()
      ground.cache.clear()
    })
  }
  return {
    async open(offset, progress) {
      const moment = createMoment(live, offset, ground)
      open.add(moment)
      cancelClear()
      try {
        await moment.fold(progress)
      } catch (error) {
        await close(moment)
        throw error
      }
      return { offset, query: moment.query, close: () => close(moment) }
    },
    async close() {
      ended = true
      cancelClear()
      await Promise.all([...open].map(close))
      kept.clear()
    },
  }
}

/** A moment that is, or is being, opened. */
interface OpenMoment {
  readonly query: PastViews['query']
  fold(progress: ProgressOptions): Promise<void>
  close(): Promise<void>
}

function createMoment(live: readonly GroupOptions[], offset: Offset, ground: PastGround): OpenMoment {
  let groups: readonly PastGroup[] = []
  let opening: Promise<unknown> | undefined
  const ending = new AbortController()
  const mustBeOpen = (): void => {
    if (ending.signal.aborted) throw closed(offset)
  }
  const openAll = async (): Promise<void> => {
    const opened = await Promise.allSettled(live.map((options) => openPastGroup(options, offset, ground)))
    groups = opened.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    for (const each of opened) if (each.status === 'rejected') throw each.reason
  }
  return {
    async fold({ onProgress, signal = ending.signal }) {
      opening = openAll()
      await opening
      const tell = sumProgress(groups, offset, onProgress)
      const either = AbortSignal.any([signal, ending.signal])
      const folding = groups.map((each, i) => each.fold({ onProgress: tell(i), signal: either }))
      await Promise.all(folding).finally(mustBeOpen)
    },
    async query(request, options = {}) {
      mustBeOpen()
      return ask(groups, request, options, mustBeOpen)
    },
    async close() {
      ending.abort()
      await opening?.catch(() => undefined) // whoever opens it hears of it
      await Promise.all(groups.map((each) => each.close()))
    },
  }
}

function closed(offset: Offset): HeadwaterError {
  return new HeadwaterError('CLOSED', `The views at offset ${offset} have been closed.`, {
    hint: 'Open them again.',
  })
}

async function ask(
  groups: readonly PastGroup[],
  request: ViewRequest,
  { deadlineMs = DEADLINE_MS, signal }: QueryOptions,
  mustBeOpen: () => void,
): Promise<Answer> {
  const found = groups.find(({ group }) => group.answersFor.includes(request.view))
  if (!found) throw notInThePast(request.view, groups)
  const { group, options } = found
  const { scheduler } = options
  const dueMs = scheduler.elapsedMs() + deadlineMs
  for (;;) {
    mustBeOpen()
    if (group.error && !group.hopes) throw parked(request.view, group.error)
    try {
      return await group.answer(request, signal)
    } catch (error) {
      const mayWait = isHeadwaterError(error, 'VIEW_REBUILDING') && scheduler.elapsedMs() < dueMs
      if (!mayWait || signal?.aborted) throw error
    }
    await found.fold(signal ? { signal } : {}) // its base was lost, or a part of it still grows
    await scheduler.nextTurn()
  }
}

/** One progress of several groups: all that they have to fold, and how much of that they have. */
function sumProgress(
  groups: readonly PastGroup[],
  offset: Offset,
  onProgress: ProgressOptions['onProgress'],
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
