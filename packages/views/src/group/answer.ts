/**
 * Answering: finds out whom a request is for, what it reads, and reads it from one position. What is not whole yet is
 * refused as `VIEW_REBUILDING` with its progress, so that who has time may wait and ask again; what stands still with
 * nothing to answer from as `VIEW_PARKED`.
 */
import { HeadwaterError, isHeadwaterError, type Json, latePart, type Offset } from '@headwater/log'
import { getGroup, rangeGroups } from '../aggregate/answers.ts'
import type { AggregateDefinition } from '../definition.ts'
import { invalidQuery } from '../query-range.ts'
import { isBaseLost } from '../state/base-lost.ts'
import {
  type Attempt,
  countRows,
  type Found,
  getRow,
  historyOffsets,
  KEY_INDEX,
  pageRows,
  type ReadableIndex,
  rangeRows,
  readHistoryEvents,
} from '../table/answers.ts'
import { indexEntries } from '../table/index-part.ts'
import type { Answer, ViewRequest } from '../view.ts'
import type { GroupCore } from './core.ts'
import { leaveLostBase } from './from-nothing.ts'
import { createPace } from './pace.ts'
import type { Part } from './part.ts'
import { type GroupUnit, isAnswering } from './unit.ts'

const findingRows = latePart('the rows behind a group', () => import('./group-rows.ts'))

/** Answers, at once when every page is in memory. Throws, or rejects with, the codes above and `QUERY_INVALID`. */
export function answerUnit(
  unit: GroupUnit,
  request: ViewRequest,
  signal?: AbortSignal,
): Answer | Promise<Answer> {
  const core = mustAnswer(unit, request.view)
  const { kind } = unit.options
  if (kind) {
    const found = kind.answer(core, request)
    return found instanceof Promise ? found.catch((error: unknown) => explain(unit, core, error)) : found
  }
  if (request.method === 'history' && request.view === core.name)
    return answerHistory(unit, core, request, signal)
  const aggregate = unit.options.definition.aggregates.find(({ name }) => name === request.view)
  if (aggregate && request.method === 'rows') return answerRows(unit, aggregate, request, signal)
  return readAnswer(unit, core, attemptOf(unit, core, aggregate, request), signal)
}

interface Placed<Value> extends Found<Value> {
  readonly position: Offset
}

function readAnswer<Value>(
  unit: GroupUnit,
  core: GroupCore,
  attempt: Attempt<Value>,
  signal: AbortSignal | undefined,
): Placed<Value> | Promise<Placed<Value>> {
  const found = core.state.read((reader) => ({ ...attempt(reader), position: core.position }), signal)
  return found instanceof Promise ? found.catch((error: unknown) => explain(unit, core, error)) : found
}

/**
 * A base that was lost, or left, while it was read: the answer comes from what takes its place. Nobody waits for that here: who
 * reads may do so while the group is to stand still.
 */
export async function explain(unit: GroupUnit, core: GroupCore, error: unknown): Promise<never> {
  const isLeft = isHeadwaterError(error, 'CLOSED') && !unit.closed
  if (isBaseLost(error)) leaveOnce(unit, core, error)
  else if (!isLeft) throw error
  throw rebuilding(unit, core.name)
}

function leaveOnce(unit: GroupUnit, core: GroupCore, error: unknown): void {
  unit
    .exclusive(async () => {
      if (unit.core === core) await leaveLostBase(unit, error)
    })
    .catch(unit.options.failed)
}

async function answerHistory(
  unit: GroupUnit,
  core: GroupCore,
  request: ViewRequest,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const found = await readAnswer(unit, core, historyOffsets(request.args), signal)
  return { ...found, value: await readHistoryEvents(core.log, unit.options.keysOf, found.value) }
}

/** Nothing is folded meanwhile, so that all rows and their number belong to one position. */
async function answerRows(
  unit: GroupUnit,
  definition: AggregateDefinition,
  { view, args }: ViewRequest,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { slice, scheduler } = unit.options
  const { findGroupRows } = await findingRows()
  const asked = mustAnswer(unit, view)
  const find = async (): Promise<Answer> => {
    const core = mustAnswer(unit, view)
    const { map } = readableGroups(unit, core, definition)
    const pace = createPace(slice, () => scheduler.nextTurn(), scheduler)
    const found = await findGroupRows({ core, definition, map, pace, signal }, args)
    return { ...found, position: core.position }
  }
  return unit.exclusive(find).catch((error: unknown) => explain(unit, asked, error))
}

function attemptOf(
  unit: GroupUnit,
  core: GroupCore,
  aggregate: AggregateDefinition | undefined,
  { method, args }: ViewRequest,
): Attempt {
  return aggregate
    ? aggregateAttempt(unit, core, aggregate, method, args)
    : tableAttempt(unit, core, method, args)
}

function tableAttempt(unit: GroupUnit, core: GroupCore, method: string, args: readonly Json[]): Attempt {
  const [index, options] = args
  switch (method) {
    case 'get':
      return getRow(args)
    case 'range':
      return rangeRows(indexOf(unit, core, index), options)
    case 'page':
      return pageRows(indexOf(unit, core, index), options)
    case 'count':
      return countRows(indexOf(unit, core, index ?? 'key'), options)
    default:
      throw unknownMethod(core.name, method, 'get, range, page, count and history')
  }
}

function aggregateAttempt(
  unit: GroupUnit,
  core: GroupCore,
  definition: AggregateDefinition,
  method: string,
  args: readonly Json[],
): Attempt {
  const groups = readableGroups(unit, core, definition)
  switch (method) {
    case 'get':
      return getGroup(definition, groups, args)
    case 'range':
      return rangeGroups(definition, groups, args[0])
    default:
      throw unknownMethod(definition.name, method, 'get, range and rows')
  }
}

function readableGroups(
  unit: GroupUnit,
  core: GroupCore,
  { name }: AggregateDefinition,
): ReturnType<typeof readable> {
  const slot = core.slots.find(({ aggregate }) => aggregate === name)
  if (slot?.error) throw parked(name, slot.error)
  return readable(unit, name, slot?.whole)
}

function indexOf(unit: GroupUnit, core: GroupCore, name: Json | undefined): ReadableIndex {
  if (name === 'key') return KEY_INDEX
  const known = unit.options.definition.table.indexes.find((index) => index.name === name)
  if (known === undefined) {
    const names = ['key', ...unit.options.definition.table.indexes.map((index) => index.name)]
    throw invalidQuery(
      `Table "${core.name}" has no index ${JSON.stringify(name ?? null)}.`,
      `It has ${names.map((each) => `"${each}"`).join(', ')}.`,
    )
  }
  const slot = core.slots.find(({ id }) => id === indexEntries(known.name))
  return { name: known.name, ...readable(unit, core.name, slot?.whole) }
}

function readable(
  unit: GroupUnit,
  view: string,
  part: Part | undefined,
): { readonly map: string; readonly entries: string } {
  const map = part?.maps[0]
  if (part === undefined || map === undefined) throw rebuilding(unit, view)
  return { map, entries: part.entries }
}

function mustAnswer(unit: GroupUnit, view: string): GroupCore {
  if (unit.core && isAnswering(unit)) return unit.core
  throw unit.error ? parked(view, unit.error) : rebuilding(unit, view)
}

/** The refusal of a view that stands still. */
export function parked(view: string, cause: HeadwaterError): HeadwaterError {
  return new HeadwaterError('VIEW_PARKED', `View "${view}" stands still: ${cause.message}`, {
    hint: cause.hint,
    cause,
    facts: { ...cause.facts, view },
  })
}

/** The refusal of a view that is not whole yet. */
export function rebuilding(unit: GroupUnit, view: string): HeadwaterError {
  const done = unit.growth?.done ?? unit.core?.position ?? 0
  const total = unit.growth?.total ?? unit.options.log.head
  return new HeadwaterError('VIEW_REBUILDING', `View "${view}" is being rebuilt: ${done} of ${total}.`, {
    hint: 'Wait and ask again, or give the query a longer deadline; status tells the progress.',
    facts: { view, done, total },
  })
}

function unknownMethod(view: string, method: string, known: string): HeadwaterError {
  return invalidQuery(`View "${view}" has no method "${method}".`, `It has ${known}.`)
}
