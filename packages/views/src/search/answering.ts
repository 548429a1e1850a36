/**
 * Answers the questions of a search view, `search` and `suggest`, from the index that the keeper has or makes. What comes
 * in is checked before anything is loaded, so that a wrong question costs nothing.
 */
import { isHeadwaterError, type Scheduler } from '@headwater/log'
import { createSlices } from '../state/slice.ts'
import type { TableReader } from '../table/reader.ts'
import type { Answer, ViewRequest } from '../view.ts'
import { aborted } from '../waits.ts'
import type { Follower } from './follower.ts'
import { findHits } from './hits.ts'
import type { Keeper } from './keeper.ts'
import { parseSearch, parseSuggest, type SearchQuery, type SuggestQuery } from './query.ts'
import { invalidQuery, parkedIndex, rebuildingIndex } from './refusals.ts'
import { suggest } from './suggestions.ts'
import { ANY_CHANGE } from './touches.ts'

/** What answers are made from. */
export interface AnsweringOptions {
  readonly name: string
  readonly table: TableReader
  readonly keeper: Keeper
  readonly scheduler: Scheduler
  readonly fields: readonly string[]
  readonly weights: readonly number[]
}

type Question =
  | { readonly type: 'search'; readonly query: SearchQuery }
  | { readonly type: 'suggest'; readonly query: SuggestQuery }

/** Answers one request. Errors: `QUERY_INVALID`, `VIEW_PARKED`, `VIEW_REBUILDING`, `ABORTED`, `CLOSED`, and what
 * storage fails with. */
export async function answerRequest(
  options: AnsweringOptions,
  request: ViewRequest,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { name, keeper } = options
  const question = parseQuestion(options, request)
  const mustBeWanted = (): void => {
    keeper.mustBeOpen()
    if (signal?.aborted) throw aborted()
  }
  mustBeWanted()
  try {
    const follower = keeper.whole ?? (await untilAborted(readyIndex(options), signal))
    mustBeWanted()
    const { position } = follower
    const value = await answerFrom(options, follower, question, mustBeWanted)
    return { value, position, dependencies: [ANY_CHANGE] }
  } catch (error) {
    // The table has left the rows that were being read for others: who asks again reads those.
    if (isHeadwaterError(error, 'CLOSED') && !keeper.closed) throw rebuildingIndex(name, error)
    throw error
  }
}

function parseQuestion({ fields }: AnsweringOptions, { method, args }: ViewRequest): Question {
  if (method === 'search') return { type: 'search', query: parseSearch(args, fields) }
  if (method === 'suggest') return { type: 'suggest', query: parseSuggest(args) }
  throw invalidQuery(`A search index has no method "${method}".`, 'Ask it by `search` or `suggest`.')
}

async function readyIndex({ name, keeper }: AnsweringOptions): Promise<Follower> {
  if (keeper.error) throw parkedIndex(name, keeper.error)
  try {
    return await keeper.ready()
  } catch (error) {
    if (keeper.error && keeper.error === error) throw parkedIndex(name, keeper.error)
    throw error
  }
}

async function answerFrom(
  { table, fields, weights, scheduler }: AnsweringOptions,
  { index }: Follower,
  question: Question,
  mustBeWanted: () => void,
): Promise<unknown> {
  if (question.type === 'suggest') return suggest(index, question.query)
  return findHits({ index, table, fields, weights }, question.query, createSlices(scheduler), mustBeWanted)
}

/** The promise's outcome, or `ABORTED` as soon as the signal fires; the work itself goes on for who else waits. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(aborted())
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
