/**
 * What is done to single views by hand: verified, digested, rebuilt, paused, robbed of what they stored. Each is found first,
 * once it is open; waiting for what takes long may be given up.
 */
import { assert, HeadwaterError, latePart, ORIGIN } from '@headwater/log'
import type { DerivedSlot } from './derived-views.ts'
import { parked } from './group/answer.ts'
import { abortable } from './group/rebuild.ts'
import type { ProgressOptions } from './progress-options.ts'
import type { View } from './view.ts'
import type { VerifyReport, ViewDigest, Views } from './views.ts'
import { findView, type GroupAtWork, ignoreRefusal, type ViewsAtWork } from './views-at-work.ts'

/** How long they wait for a view that is being opened. */
const OPENING_DEADLINE_MS = 60_000

const verifying = latePart('verifying a view', () => import('./verify.ts'))
const digesting = latePart('a digest of a view', () => import('./digest-view.ts'))

type Controls = Pick<Views, 'verify' | 'digest' | 'rebuild' | 'pause' | 'resume' | 'dropSnapshot'>

/** The controls of views at work. */
export function controlsOf(work: ViewsAtWork): Controls {
  return {
    verify: (name, progress = {}) => verify(work, name, progress),
    digest: (name, progress = {}) => digest(work, name, progress),
    rebuild: (name, progress = {}) => rebuild(work, name, progress),
    pause: (name) => pause(work, name),
    resume: (name) => resume(work, name),
    dropSnapshot: (name, progress = {}) => dropSnapshot(work, name, progress),
  }
}

async function verify(work: ViewsAtWork, name: string, progress: ProgressOptions): Promise<VerifyReport> {
  const { slot, atWork, live } = await findToCompare(work, name, progress)
  const { verifyView } = await verifying()
  return verifyView(
    {
      name,
      live,
      group: atWork.group,
      options: atWork.options,
      derive: slot && ((group, options) => slot.derive(group, options)),
      others: slot?.groups.filter((group) => group !== slot.group) ?? [],
    },
    progress,
  )
}

async function digest(work: ViewsAtWork, name: string, progress: ProgressOptions): Promise<ViewDigest> {
  const { slot, atWork, live } = await findToCompare(work, name, progress)
  const { digestView } = await digesting()
  return digestView(name, live, slot?.groups ?? [atWork.group], progress)
}

async function rebuild(work: ViewsAtWork, name: string, progress: ProgressOptions): Promise<void> {
  const { slot, atWork, view } = await findAtWork(work, name, progress, 'opened')
  view.resume()
  if (slot) return slot.view()?.rebuild()
  const done = atWork.group.rebuildView(name, progress)
  work.dispatcher?.wake(atWork.fed)
  await done
  atWork.group.checkpointNow(true).catch((error: unknown) => ignoreRefusal(work, error))
}

async function pause(work: ViewsAtWork, name: string): Promise<void> {
  const { view } = await findAtWork(work, name, {}, 'opened')
  const paused = view.pause()
  noteStand(work)
  await paused
}

async function resume(work: ViewsAtWork, name: string): Promise<void> {
  const { view, fed } = await findAtWork(work, name, {}, 'opened')
  if (!view.paused) return
  view.resume()
  work.dispatcher?.wake(fed)
  noteStand(work)
  // What other tabs stored meanwhile may save it most of the way.
  view.adopt().catch((error: unknown) => ignoreRefusal(work, error))
}

function noteStand(work: ViewsAtWork): void {
  work.waits.look()
  work.news.note()
}

function dropSnapshot(work: ViewsAtWork, name: string, progress: ProgressOptions): Promise<void> {
  const drop = async (): Promise<void> => {
    const { view, fed } = await findAtWork(work, name, progress, 'opened')
    const { onProgress } = progress
    const done = view.dropBase(onProgress ? { onProgress } : {})
    work.dispatcher?.wake(fed)
    await done
    await work.sweeper.now()
    work.news.note()
  }
  const dropped = drop()
  dropped.catch(() => undefined) // whoever waits hears of it
  return abortable(dropped, progress.signal)
}

interface FoundAtWork {
  /** When it is a derived view. */
  readonly slot: DerivedSlot | undefined
  /** The group that it belongs to, or derives from. */
  readonly atWork: GroupAtWork
  readonly view: View
  readonly fed: FoundFed
}
type FoundFed = NonNullable<ReturnType<typeof findView>>

async function findToCompare(
  work: ViewsAtWork,
  name: string,
  progress: ProgressOptions,
): Promise<FoundAtWork & { readonly live: View }> {
  const found = await findAtWork(work, name, progress, 'caught up')
  const { error, position } = found.atWork.group
  if (error && position === ORIGIN) throw parked(name, error)
  return { ...found, live: found.slot?.view() ?? found.atWork.group }
}

/** Waits until the view is opened, or even has something to compare. */
async function findAtWork(
  work: ViewsAtWork,
  name: string,
  { signal }: ProgressOptions,
  until: 'opened' | 'caught up',
): Promise<FoundAtWork> {
  const slot = work.derived.find((each) => each.name === name)
  let fed: FoundFed | undefined
  const isThere = (): boolean => {
    fed = findView(work, name)
    if (fed === undefined || work.openingHead === undefined) return false
    if (until === 'opened' || fed.error() !== undefined) return true
    const { position } = fed.view
    return position >= work.openingHead || (fed.isPaused() && position > ORIGIN)
  }
  const tooLate = (): HeadwaterError => notOpened(name)
  if (!isThere()) await work.waits.until(isThere, { deadlineMs: OPENING_DEADLINE_MS, signal, tooLate })
  const atWork = work.groups.find(({ group }) => group === slot?.group || group.answersFor.includes(name))
  assert(atWork !== undefined && fed !== undefined, 'a view belongs to a group, or derives from one')
  return { slot, atWork, fed, view: fed.view }
}

function notOpened(name: string): HeadwaterError {
  return new HeadwaterError('VIEW_REBUILDING', `View "${name}" has nothing to compare yet.`, {
    hint: 'Wait until status says that it is live.',
    facts: { view: name },
  })
}
