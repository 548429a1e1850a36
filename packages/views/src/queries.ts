/**
 * Asking views with patience: a query waits until its view has reached the point that it must include, and asks again
 * when the view was not whole yet; every wait ends by its deadline with an error that names what was waited for (D4).
 */
import {
  HeadwaterError,
  isHeadwaterError,
  type Log,
  type Offset,
  ORIGIN,
  type Scheduler,
} from '@headwater/log'
import type { FedView } from './fed-view.ts'
import { parked } from './group/answer.ts'
import type { Answer, ViewRequest } from './view.ts'
import type { QueryOptions } from './views.ts'
import { type Patience, type Waits, withPatience } from './waits.ts'

/** What queries need to know. */
export interface QueriesOptions {
  readonly log: Log
  readonly scheduler: Scheduler
  readonly waits: Waits
  /** The view that answers for a name, once it is loaded and restored. Throws `VIEW_UNKNOWN`. */
  readonly find: (view: string) => FedView | undefined
  /** The head found at opening, once it is known. */
  readonly openingHead: () => Offset | undefined
}

/** Asks views. */
export interface Queries {
  query(request: ViewRequest, options?: QueryOptions): Promise<Answer>
  answer(request: ViewRequest): Answer | Promise<Answer>
}

const DEADLINE_MS = 10_000

/** Queries on views. */
export function createQueries(options: QueriesOptions): Queries {
  const { find } = options
  return {
    query: (request, wanted = {}) => ask(options, request, wanted),
    answer(request) {
      const again = async (error: unknown): Promise<Answer> => {
        if (isHeadwaterError(error, 'VIEW_REBUILDING')) return askAnyhow(options, request)
        throw error
      }
      try {
        const fed = find(request.view)
        if (fed === undefined) return askAnyhow(options, request)
        const found = fed.view.answer(request)
        return found instanceof Promise ? found.catch(again) : found
      } catch (error) {
        return again(error)
      }
    },
  }
}

/** From wherever the view is, as soon as it can answer. */
function askAnyhow(options: QueriesOptions, request: ViewRequest): Promise<Answer> {
  return ask({ ...options, openingHead: () => ORIGIN }, request, {})
}

async function ask(options: QueriesOptions, request: ViewRequest, wanted: QueryOptions): Promise<Answer> {
  const { log, scheduler, waits } = options
  const endsAt = scheduler.elapsedMs() + (wanted.deadlineMs ?? DEADLINE_MS)
  const { atLeast = ORIGIN, signal } = wanted
  const patience = (): Patience => ({
    deadlineMs: endsAt - scheduler.elapsedMs(),
    signal,
    tooLate: () => tooLate(options, request.view, atLeast),
  })
  options.find(request.view)
  if (atLeast > log.head) await withPatience(log.refresh(), patience(), scheduler)
  for (;;) {
    const fed = await reach(options, request.view, atLeast, patience())
    const { looks } = waits
    try {
      const found = fed.view.answer(request, signal)
      const answer = found instanceof Promise ? await withPatience(found, patience(), scheduler) : found
      if (answer.position >= atLeast) return answer
      // It stands still there, or went back while it was asked: to a base that another tab has rebuilt, say.
      if (fed.isPaused() || fed.isParked()) throw tooLate(options, request.view, atLeast)
    } catch (error) {
      if (!isHeadwaterError(error, 'VIEW_REBUILDING')) throw error
    }
    // What moved while it was asked is not waited for.
    await waits.until(() => waits.looks > looks, patience())
  }
}

/** The view, once it stands where the answer has to come from. */
async function reach(
  { waits, find, openingHead }: QueriesOptions,
  name: string,
  atLeast: Offset,
  patience: Patience,
): Promise<FedView> {
  let fed: FedView | undefined
  const isThere = (): boolean => {
    const opened = openingHead()
    fed = find(name)
    if (fed === undefined || opened === undefined) return false
    if (fed.view.position >= (fed.isPaused() ? atLeast : Math.max(atLeast, opened))) return true
    const error = fed.error()
    if (error) throw parked(name, error)
    return fed.isParked()
  }
  if (!isThere()) await waits.until(isThere, patience)
  return fed!
}

function tooLate({ find, log }: QueriesOptions, name: string, atLeast: Offset): HeadwaterError {
  const fed = find(name)
  const position = fed?.view.position ?? ORIGIN
  if (fed?.isPaused()) return tooFar(name, position, atLeast)
  if (atLeast > position && position > 0) {
    return new HeadwaterError('BEHIND_RECEIPT', `View "${name}" is at ${position}, not yet at ${atLeast}.`, {
      hint: 'The view goes on catching up: ask again, or give the query a longer deadline.',
      facts: { view: name, position, atLeast },
    })
  }
  const done = fed?.feedAfter() ?? ORIGIN
  return new HeadwaterError('VIEW_REBUILDING', `View "${name}" is being rebuilt: ${done} of ${log.head}.`, {
    hint: 'Wait and ask again, or give the query a longer deadline; status tells the progress.',
    facts: { view: name, done, total: log.head },
  })
}

/** The refusal of a paused view. */
function tooFar(name: string, position: Offset, atLeast: Offset): HeadwaterError {
  return new HeadwaterError('BEHIND_RECEIPT', `View "${name}" is paused at ${position}, not at ${atLeast}.`, {
    hint: 'Resume it (or what it is derived from), or ask for what it has: without `atLeast`.',
    facts: { view: name, position, atLeast },
  })
}
