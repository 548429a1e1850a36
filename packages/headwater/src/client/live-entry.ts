/**
 * One live query as the page keeps it: who subscribes, what was last said of it, and how a report changes that. States
 * keep their reference until something changes, and so do equal parts of the answer (D3).
 */
import { dataToError, type HeadwaterError } from '@headwater/log'
import type { ViewRequest } from '@headwater/views'
import { applyPatch } from '../patch-apply.ts'
import type { AnswerReport, CallId } from '../protocol.ts'
import type { QueryState } from '../query.ts'

/** A live query. */
export interface LiveEntry {
  readonly key: string
  readonly request: ViewRequest
  readonly listeners: Set<() => void>
  watch: CallId
  revision: number
  state: QueryState<unknown>
  /** Keeps it from being dropped, when nobody subscribes. */
  cancelDrop: (() => void) | undefined
}

/** What is shown before anything is known. */
export const LOADING: QueryState<never> = Object.freeze({
  status: 'loading',
  data: undefined,
  error: undefined,
})

/** A query that nobody subscribes to yet. */
export function createEntry(key: string, request: ViewRequest): LiveEntry {
  return { key, request, listeners: new Set(), watch: 0, revision: 0, state: LOADING, cancelDrop: undefined }
}

/** Adds a listener; `onEmpty` is called when the last one has gone. Who listens twice hears everything twice. */
export function addListener(entry: LiveEntry, listener: () => void, onEmpty: () => void): () => void {
  const own = (): void => listener()
  entry.listeners.add(own)
  return () => {
    if (entry.listeners.delete(own) && entry.listeners.size === 0) onEmpty()
  }
}

/** Takes a report; false when it does not follow the one before, and the query must be watched anew. */
export function takeAnswer(entry: LiveEntry, report: AnswerReport): boolean {
  if (report.revision !== 1 && report.revision !== entry.revision + 1) return false
  const data = patched(entry.state.data, report)
  if (data === undefined) return false
  entry.revision = report.revision
  const error = report.error && dataToError(report.error)
  if (report.stale) setState(entry, { status: 'stale', data: data.value, error })
  else setState(entry, { status: 'ready', data: data.value, error: undefined })
  return true
}

/** The next data in a box, or nothing when the patch belongs to an answer that is not held. */
function patched(data: unknown, { patch }: AnswerReport): { readonly value: unknown } | undefined {
  if (patch === undefined) return { value: data }
  try {
    return { value: applyPatch(data, patch) }
  } catch {
    return undefined // the caller watches anew, and is sent the whole answer
  }
}

/** The engine has no answer. */
export function takeError(entry: LiveEntry, error: HeadwaterError): void {
  setState(entry, { status: 'error', data: undefined, error })
}

/** What was shown stays, marked; with an error, what was never shown becomes one. */
export function outdate(entry: LiveEntry, error: HeadwaterError | undefined): void {
  const { status, data } = entry.state
  if (status === 'ready' || status === 'stale') setState(entry, { status: 'stale', data, error })
  else if (error) takeError(entry, error)
}

function setState(entry: LiveEntry, state: QueryState<unknown>): void {
  const { status, data, error } = entry.state
  if (status === state.status && Object.is(data, state.data) && error === state.error) return
  entry.state = Object.freeze(state)
  for (const listener of entry.listeners) listener()
}
