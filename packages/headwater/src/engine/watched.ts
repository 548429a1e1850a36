/**
 * One watched query: what the page holds of its answer, what the answer was read from, and which report, if any, follows
 * from a new answer, a failure, or a change that came while it was being read.
 */
import { errorToData, isHeadwaterError } from '@headwater/log'
import type { Answer, Changes, Dependency, ViewRequest } from '@headwater/views'
import { diffAnswers } from '../patch-diff.ts'
import type { CallId, Report } from '../protocol.ts'
import { isTouched } from './dependencies.ts'
import type { Fare } from './fares.ts'

/** A watched query. */
export interface Watched {
  readonly id: CallId
  readonly request: ViewRequest
  dependencies: readonly Dependency[]
  /** The answer that the page holds; `revision` 0 means that it holds none. */
  sent: unknown
  revision: number
  /** How it fared when last reported: a fare's text, or an error's code. */
  fared: string
  running: boolean
  /** Changes that came while an answer was being read. */
  missed: Changes[]
}

const MISSED_CHANGES_KEPT = 100

/** A query of which the page holds nothing. */
export function createWatched(id: CallId, request: ViewRequest): Watched {
  return {
    id,
    request,
    dependencies: [],
    sent: undefined,
    revision: 0,
    fared: '',
    running: false,
    missed: [],
  }
}

/** How one evaluation ended. */
export type Outcome = { readonly answer: Answer } | { readonly error: unknown }

/** What passes by itself: storage that gave no answer, a view that did not come so far in time. No change will tell of it. */
const PASSING: ReadonlySet<string> = new Set([
  'STORAGE_LOST',
  'STORAGE_UNAVAILABLE',
  'STORAGE_BLOCKED',
  'DEADLINE',
  'BEHIND_RECEIPT',
])

/** What follows from an evaluation: a report if it is worth one, and whether to evaluate again, now or after a while. */
export function takeOutcome(
  watch: Watched,
  outcome: Outcome,
  fare: Fare,
): { readonly report: Report | undefined; readonly again: boolean | 'later' } {
  if ('answer' in outcome) {
    const { answer } = outcome
    return { report: takeAnswer(watch, answer, fare), again: isOutdated(watch, answer) }
  }
  // A view that is rebuilt without an old base keeps the page loading: `query` has waited its time and waits again.
  if (isHeadwaterError(outcome.error, 'VIEW_REBUILDING')) return { report: undefined, again: true }
  const report = takeFailure(watch, outcome.error)
  return { report, again: isHeadwaterError(outcome.error) && PASSING.has(outcome.error.code) && 'later' }
}

/** Takes an answer. The report that it is worth, if it is worth one (D3). */
function takeAnswer(watch: Watched, { value, dependencies }: Answer, fare: Fare): Report | undefined {
  watch.dependencies = dependencies
  const patch = watch.revision === 0 ? ({ type: 'value', value } as const) : diffAnswers(watch.sent, value)
  if (patch === undefined && watch.fared === fare.text) return undefined
  if (patch !== undefined) watch.sent = value
  watch.fared = fare.text
  watch.revision++
  const { stale, error } = fare
  return { type: 'answer', watch: watch.id, revision: watch.revision, patch, stale, error }
}

/** Takes a failure: the page holds no answer any more. The same one is told once. */
function takeFailure(watch: Watched, cause: unknown): Report | undefined {
  const error = errorToData(cause)
  watch.sent = undefined
  watch.revision = 0
  if (watch.fared === error.code) return undefined
  watch.fared = error.code
  return { type: 'answerFailed', watch: watch.id, error }
}

/** Notes a change; true when the query must be answered anew. */
export function takeChanges(watch: Watched, changes: Changes): boolean {
  if (!watch.running) return isTouched(watch.dependencies, changes)
  if (watch.missed.length < MISSED_CHANGES_KEPT) watch.missed.push(changes)
  return false
}

/** Whether a change that came while `answer` was being read concerns it. */
function isOutdated({ missed }: Watched, answer: Answer): boolean {
  if (missed.length >= MISSED_CHANGES_KEPT) return true
  return missed.some(
    (changes) => changes.position > answer.position && isTouched(answer.dependencies, changes),
  )
}
