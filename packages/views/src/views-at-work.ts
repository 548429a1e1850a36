/**
 * The views of one tab at work, as a record of the parts that they are put together from, and the few acts that concern
 * all of them: starting, following, telling, closing. What each part does is its own business.
 */
import { errorToData, HeadwaterError, isHeadwaterError, type Offset } from '@headwater/log'
import type { Checkpoints } from './checkpoints.ts'
import type { DerivedSlot } from './derived-views.ts'
import { createDispatcher, type Dispatcher } from './dispatcher.ts'
import { createSharedReads } from './dispatcher-reads.ts'
import type { FedView } from './fed-view.ts'
import type { GroupOptions } from './group/unit.ts'
import type { ViewGroup } from './group/view-group.ts'
import type { Listeners } from './listeners.ts'
import type { Past } from './past/past-views.ts'
import type { StatusNews } from './status-news.ts'
import type { Sweeper } from './sweeper.ts'
import type { Concerns } from './touched.ts'
import type { Changes, View, ViewStatus } from './view.ts'
import type { ViewsBounds, ViewsOptions } from './views.ts'
import type { Waits } from './waits.ts'

/** A group with what it was made from. */
export interface GroupAtWork {
  readonly group: ViewGroup
  readonly options: GroupOptions
  readonly fed: FedView
}

/** Everything. */
export interface ViewsAtWork {
  readonly options: ViewsOptions
  readonly bounds: ViewsBounds
  /** Looks at the log itself, once, for the head at opening. */
  readonly headKnown: () => Promise<Offset>
  readonly concerns: Concerns
  readonly groups: readonly GroupAtWork[]
  readonly derived: readonly DerivedSlot[]
  readonly waits: Waits
  readonly news: StatusNews
  readonly checkpoints: Checkpoints
  readonly sweeper: Sweeper
  readonly changes: Listeners<[changes: Changes]>
  readonly stored: Listeners<[]>
  /** What keeps views from reading on, by name, until they do. */
  readonly refused: Map<string, HeadwaterError>
  /** Once it was asked for. */
  past: Past | undefined
  dispatcher: Dispatcher | undefined
  /** The head found at opening: queries answer from there at least. */
  openingHead: Offset | undefined
  /** Set once closed. */
  ended: HeadwaterError | undefined
}

/** Reads bases, then follows the log. */
export async function startViews(work: ViewsAtWork): Promise<void> {
  const { log, scheduler } = work.options
  const [head] = await Promise.all([work.headKnown(), ...work.groups.map(({ group }) => group.restore())])
  if (work.ended) return
  const types = new Set(work.groups.flatMap(({ group }) => [...group.types]))
  const reads = createSharedReads(log, types, work.groups.length)
  const fed = (view: FedView): void => {
    for (const name of view.view.answersFor) work.refused.delete(name)
    if (view.readsEvents) return // a group tells of its moves itself
    noteMoved(work, view.view)
    wakeGroupOf(work, view)
  }
  const failed = (view: FedView, error: unknown): void => {
    if (isHeadwaterError(error)) for (const name of view.view.answersFor) work.refused.set(name, error)
    work.news.note()
  }
  work.dispatcher = createDispatcher({ log, reads, scheduler, fed, failed })
  work.openingHead = head
  for (const each of work.groups) follow(work, each.fed)
  for (const slot of work.derived) {
    void slot.load((fed) => followDerived(work, slot, fed)).then(() => work.waits.look())
  }
}

/** Listens to what groups tell of themselves. */
export function listenToGroups(work: ViewsAtWork): void {
  for (const { group, fed } of work.groups) {
    group.onMoved(() => {
      noteMoved(work, group)
      for (const slot of work.derived) if (slot.groups.includes(group)) wakeSlot(work, slot)
      if (group.takesEvents && group.feedAfter < work.options.log.head) work.dispatcher?.wake(fed)
    })
    group.onStored(() => {
      work.sweeper.noteStored()
      work.news.note()
      work.stored.tell()
    })
  }
}

/** The view that answers for a name, once it is there. Throws `VIEW_UNKNOWN`, `CLOSED`. */
export function findView(work: ViewsAtWork, name: string): FedView | undefined {
  if (work.ended) throw work.ended
  const found = work.groups.find(({ group }) => group.answersFor.includes(name))
  if (found) return found.fed
  const slot = work.derived.find((each) => each.name === name)
  if (slot) return slot.fed()
  throw new HeadwaterError('VIEW_UNKNOWN', `There is no view named "${name}".`, {
    hint: `The views are ${work.options.definitions.map((view) => `"${view.name}"`).join(', ')}.`,
    facts: { view: name },
  })
}

/** One entry a definition, in the order of definition. */
export function statusOfAll({ options, groups, derived, refused }: ViewsAtWork): readonly ViewStatus[] {
  const { head } = options.log
  const all = [
    ...groups.flatMap(({ group }) => group.status(head)),
    ...derived.map((slot) => slot.status(head)),
  ]
  const byName = new Map(all.map((status) => [status.name, status]))
  return options.definitions.flatMap(({ name }) => {
    const status = byName.get(name)
    const error = refused.get(name)
    return status && error && status.lag > 0 ? { ...status, readError: errorToData(error) } : (status ?? [])
  })
}

/** Takes other tabs' bases where there are newer ones. */
export function adoptAll(work: ViewsAtWork): void {
  for (const { group } of work.groups) group.adopt().catch((error: unknown) => ignoreRefusal(work, error))
  for (const slot of work.derived)
    slot
      .view()
      ?.adopt()
      .catch((error: unknown) => ignoreRefusal(work, error))
}

/** What storage refuses to work that nobody waits for is tried again when it is next due; a bug is not swallowed. */
export function ignoreRefusal(work: ViewsAtWork, error: unknown): void {
  work.news.note()
  if (!isHeadwaterError(error) && !work.ended) throw error
}

/** Ends everything; idempotent. */
export async function closeViews(work: ViewsAtWork): Promise<void> {
  if (work.ended) return
  work.ended = new HeadwaterError('CLOSED', 'The views have been closed.', {
    hint: 'Open the database again.',
  })
  work.waits.end(work.ended)
  work.checkpoints.stop()
  work.news.stop()
  await Promise.all([
    ...work.derived.map((slot) => slot.close()),
    ...work.groups.map(({ group }) => group.close()),
    work.past?.close(),
  ])
  await Promise.all([work.dispatcher?.stop(), work.sweeper.stop()])
  work.changes.clear()
  work.stored.clear()
}

function follow(work: ViewsAtWork, fed: FedView): void {
  if (work.ended) return
  const { view } = fed
  const group = work.groups.find((each) => each.fed === fed)?.group
  work.checkpoints.add({
    view,
    tailMs: () => group?.tailMs ?? 0,
    overlayBytes: () => group?.overlayBytes ?? 0,
    calmMs: () => group?.calmMs ?? 0,
  })
  view.onChanges((changes) => {
    work.changes.tell(changes)
    if (group !== undefined) return
    noteMoved(work, view)
    wakeGroupOf(work, fed)
  })
  work.dispatcher?.add(fed)
  noteMoved(work, view)
}

function followDerived(work: ViewsAtWork, slot: DerivedSlot, fed: FedView): void {
  follow(work, fed)
  slot.view()?.onMoved(() => {
    work.waits.look()
    work.news.note()
  })
}

function noteMoved(work: ViewsAtWork, view: View): void {
  work.checkpoints.noteMoved(view)
  work.waits.look()
  work.news.note()
}

/** A group that paused because too much waits for what is derived from it may go on. */
function wakeGroupOf(work: ViewsAtWork, derived: FedView): void {
  const slot = work.derived.find((each) => each.view() === derived.view)
  for (const { group, fed } of work.groups) if (slot?.groups.includes(group)) work.dispatcher?.wake(fed)
}

/** A derived view that did not load has nothing to be woken. */
function wakeSlot(work: ViewsAtWork, slot: DerivedSlot): void {
  if (slot.view() === undefined) return
  const fed = slot.fed()
  if (fed) work.dispatcher?.wake(fed)
}
