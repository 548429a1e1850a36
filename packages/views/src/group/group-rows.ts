/**
 * The rows behind a group of an aggregate: what its numbers are made of. No map leads from a group to its rows, so the table is
 * read from its first row on, in slices, until as many are found as are wanted or there are; the group says how many there
 * are. Nothing is folded meanwhile, so that all of it belongs to one position.
 */
import type { Json } from '@headwater/log'
import { groupTuple, memberEntries } from '../aggregate/aggregate-part.ts'
import { groupArgument } from '../aggregate/answers.ts'
import { asStoredGroup } from '../aggregate/stored-group.ts'
import type { AggregateDefinition } from '../definition.ts'
import { encodeKey } from '../key.ts'
import { invalidQuery } from '../query-range.ts'
import type { Found } from '../table/answers.ts'
import { functionFailed } from '../table/failure.ts'
import type { TableEntry } from '../table/reader.ts'
import { aborted } from '../waits.ts'
import type { GroupCore } from './core.ts'
import { readRows } from './finish.ts'
import type { Pace } from './pace.ts'

/** Rows, when nothing is said. */
const DEFAULT_LIMIT = 100
/** The most at a time. */
const MAX_LIMIT = 10_000
const ROWS_AT_ONCE = 512

/** Where they are looked for. */
export interface GroupRowsSource {
  readonly core: GroupCore
  readonly definition: AggregateDefinition
  /** The map of the groups. */
  readonly map: string
  readonly pace: Pace
  readonly signal: AbortSignal | undefined
}

/** `rows(group, { limit })`, while nothing is folded. Rejects with `QUERY_INVALID`, `FOLD_FAILED`, `ABORTED`. */
export async function findGroupRows(source: GroupRowsSource, args: readonly Json[]): Promise<Found> {
  const { core, definition, map, signal } = source
  const key = encodeKey(groupArgument('rows', args))
  const limit = parseLimit(args[1])
  const stored = await core.state.read((reader) => reader.get(map, key), signal)
  const total = stored === undefined ? 0 : asStoredGroup(stored)[1]
  const entries = await findRows(source, { key, limit: Math.min(limit, total) })
  const dependencies = [{ map: memberEntries(definition.name), from: key, to: key }]
  return { value: { entries, total }, dependencies }
}

interface Wanted {
  readonly key: string
  readonly limit: number
}

async function findRows(
  { core, definition, pace, signal }: GroupRowsSource,
  { key, limit }: Wanted,
): Promise<readonly TableEntry[]> {
  const found: TableEntry[] = []
  let after: string | undefined
  while (found.length < limit) {
    if (signal?.aborted) throw aborted()
    const rows = await pace.away(readRows(core, after, ROWS_AT_ONCE))
    for (const entry of rows) {
      if (found.length < limit && groupKeyOf(definition, entry) === key) found.push(entry)
    }
    after = rows.at(-1)?.key
    if (rows.length < ROWS_AT_ONCE) break
    await (pace.rest() ?? undefined)
  }
  return found
}

function groupKeyOf(
  { name: view, groupBy }: AggregateDefinition,
  { key, row }: TableEntry,
): string | undefined {
  try {
    const group = groupBy(row)
    return group === undefined ? undefined : encodeKey(groupTuple(group))
  } catch (error) {
    throw functionFailed(`Aggregate "${view}", for the row "${key}",`, { view, key }, error)
  }
}

function parseLimit(options: Json | undefined): number {
  const limit = isMembers(options) ? options.limit : undefined
  const isFit =
    limit === undefined || (typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= 0)
  if (isFit && (options === undefined || isMembers(options)))
    return Math.min(limit ?? DEFAULT_LIMIT, MAX_LIMIT)
  throw invalidQuery(
    `rows was given ${JSON.stringify(options ?? null)} as options.`,
    "Give a limit, a whole number: rows('open', { limit: 10 }).",
  )
}

function isMembers(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
