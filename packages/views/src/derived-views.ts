/**
 * Views derived from tables, which today are search indexes: their runtime is loaded where it folds, beside the opening of
 * the tables, which does not wait for it. One that does not load is parked alone (V6).
 */
import { errorToData, type HeadwaterError, type Offset, ORIGIN, type Scheduler } from '@headwater/log'
import type { SearchDefinition } from './definition.ts'
import { type DerivedView, type FedView, feedDerived } from './fed-view.ts'
import { searchFingerprint } from './fingerprint.ts'
import { parked } from './group/answer.ts'
import type { GroupOptions } from './group/unit.ts'
import type { ViewGroup } from './group/view-group.ts'
import { notLoaded } from './not-loaded.ts'
import { type JoinedText, joinTexts } from './search/joined.ts'
import { searchLineage } from './search/lineage.ts'
import type { ViewStatus } from './view.ts'

/** A derived view that may not be there yet. */
export interface DerivedSlot {
  readonly name: string
  /** Under which it stores what it keeps. */
  readonly lineage: string
  readonly group: ViewGroup
  /** All groups that it derives from. */
  readonly groups: readonly ViewGroup[]
  /** The view, once it is loaded. Throws `VIEW_PARKED` when it did not load. */
  fed(): FedView | undefined
  view(): DerivedView | undefined
  status(head: Offset): ViewStatus
  /** Loads and restores it; never rejects. `loaded` is told at once when that is done. */
  load(loaded: (fed: FedView) => void): Promise<void>
  /** Makes the same view over another group, for verification. */
  derive(group: ViewGroup, options: GroupOptions): DerivedView
  close(): Promise<void>
}

type SearchRuntime = Awaited<ReturnType<SearchDefinition['load']>>

/** A search index over a group's table. */
export function createSearchSlot(
  definition: SearchDefinition,
  group: ViewGroup,
  options: GroupOptions,
  texts: readonly JoinedText[],
): DerivedSlot {
  const fingerprint = searchFingerprint(definition, options.log.build)
  const groups = [group, ...texts.map(({ documents }) => documents)]
  let runtime: SearchRuntime | undefined
  let view: DerivedView | undefined
  let fed: FedView | undefined
  let error: HeadwaterError | undefined
  let closed = false
  const derive = (
    parent: ViewGroup,
    { log, store, locks, lockScope, clock, scheduler, backgroundTurn }: GroupOptions,
  ): DerivedView => {
    const background = inBackground(scheduler, backgroundTurn)
    const deps = {
      log,
      store,
      locks,
      lockScope,
      clock,
      scheduler: background,
      table: joinTexts(parent.reader, texts),
    }
    return runtime!.createSearchView(definition, { ...deps, fingerprint })
  }
  return {
    name: definition.name,
    lineage: searchLineage(fingerprint),
    group,
    groups,
    derive,
    fed() {
      if (error) throw parked(definition.name, error)
      return fed
    },
    view: () => view,
    status: (head) => view?.status(head)[0] ?? loadingStatus(definition.name, error),
    async load(loaded) {
      try {
        runtime = await definition.load()
        if (closed) return
        view = derive(group, options)
        await view.restore()
        fed = feedDerived(view, joinTexts(group.reader, texts), groups, options.slice)
        loaded(fed)
      } catch (cause) {
        error = notLoaded('searches', definition.name, cause)
      }
    },
    async close() {
      closed = true
      await view?.close()
    },
  }
}

function inBackground(scheduler: Scheduler, nextTurn: Scheduler['nextTurn']): Scheduler {
  return {
    elapsedMs: () => scheduler.elapsedMs(),
    nextTurn,
    after: (delayMs, run) => scheduler.after(delayMs, run),
  }
}

function loadingStatus(name: string, error: HeadwaterError | undefined): ViewStatus {
  return {
    name,
    kind: 'search',
    state: error ? 'parked' : 'restoring',
    position: ORIGIN,
    checkpoint: ORIGIN,
    lag: 0,
    ratePerSecond: 0,
    ...(error ? { error: errorToData(error) } : {}),
    skipped: 0,
    quarantined: 0,
    memoryBytes: 0,
  }
}
