/**
 * What a caller asks of a search index, parsed from the plain data that crossed the worker. Wrong types are refused by
 * name (`QUERY_INVALID`); a text without words is no error and finds nothing. Of a text only the first 32 words count.
 */
import type { HeadwaterError, Json } from '@headwater/log'
import { MAX_EDITS, type QueryWord } from './expansion.ts'
import { invalidQuery } from './refusals.ts'
import { memberOf } from './row-text.ts'
import { MAX_QUERY_WORDS } from './score.ts'
import { parseWhere, type Where } from './where.ts'
import { termsOf } from './words.ts'

/** A search, parsed. */
export interface SearchQuery {
  readonly words: readonly QueryWord[]
  readonly combine: 'AND' | 'OR'
  /** By field, whether it is searched. */
  readonly searched: readonly boolean[]
  readonly where: Where
  readonly limit: number
}

/** A wish for completions, parsed. */
export interface SuggestQuery {
  readonly words: readonly QueryWord[]
  readonly limit: number
}

/** Hits of one answer, at most. */
export const MAX_LIMIT = 10_000
/** Units of a query's text that are read. */
const MAX_QUERY_UNITS = 4_096
const DEFAULT_HITS = 20
const DEFAULT_SUGGESTIONS = 10

/** Parses the arguments of `search`. */
export function parseSearch(args: readonly Json[], fields: readonly string[]): SearchQuery {
  const options = optionsOf(args)
  const prefix = optionOf(options, 'prefix') ?? 'last'
  if (typeof prefix !== 'boolean' && prefix !== 'last') throw invalidOption('prefix', "true, false or 'last'")
  const combine = optionOf(options, 'combine') ?? 'AND'
  if (combine !== 'AND' && combine !== 'OR') throw invalidOption('combine', "'AND' or 'OR'")
  return {
    words: wordsOf(args, prefix, fuzzyOf(options)),
    combine,
    searched: searchedOf(optionOf(options, 'fields'), fields),
    where: parseWhere(optionOf(options, 'where')),
    limit: limitOf(options, DEFAULT_HITS),
  }
}

/** Parses the arguments of `suggest`. */
export function parseSuggest(args: readonly Json[]): SuggestQuery {
  const options = optionsOf(args)
  return { words: wordsOf(args, 'last', fuzzyOf(options)), limit: limitOf(options, DEFAULT_SUGGESTIONS) }
}

function wordsOf(args: readonly Json[], prefix: boolean | 'last', fuzzy: number): readonly QueryWord[] {
  const text = args[0]
  if (typeof text !== 'string')
    throw invalidQuery('A search was given no text.', 'Hand it a string as first argument.')
  const terms = termsOf(text.slice(0, MAX_QUERY_UNITS)).slice(0, MAX_QUERY_WORDS)
  return terms.map((term, i) => ({
    term,
    fuzzy,
    prefix: prefix === 'last' ? i === terms.length - 1 : prefix,
  }))
}

function optionsOf(args: readonly Json[]): Json {
  const options = args[1] ?? {}
  if (typeof options === 'object' && !Array.isArray(options)) return options
  throw invalidQuery(
    'The options of a search are no object.',
    'Hand them as `{ name: value }`, or leave them out.',
  )
}

function optionOf(options: Json, name: string): Json | undefined {
  return memberOf(options, name) ?? undefined
}

function fuzzyOf(options: Json): number {
  const fuzzy = optionOf(options, 'fuzzy') ?? false
  if (fuzzy === false) return 0
  const isUsable =
    typeof fuzzy === 'number' && fuzzy >= 0 && (fuzzy < 1 || (fuzzy <= MAX_EDITS && Number.isInteger(fuzzy)))
  if (!isUsable)
    throw invalidOption('fuzzy', `false, a fraction below 1, or a count of edits up to ${MAX_EDITS}`)
  return fuzzy
}

function limitOf(options: Json, otherwise: number): number {
  const limit = optionOf(options, 'limit') ?? otherwise
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 0 && limit <= MAX_LIMIT) return limit
  throw invalidOption('limit', `a whole number up to ${MAX_LIMIT}`)
}

function searchedOf(names: Json | undefined, fields: readonly string[]): readonly boolean[] {
  if (names === undefined) return fields.map(() => true)
  const isList = Array.isArray(names) && names.every((name) => fields.includes(name))
  if (!isList) throw invalidOption('fields', `a list of indexed fields (${fields.join(', ')})`)
  return fields.map((field) => names.includes(field))
}

function invalidOption(name: string, right: string): HeadwaterError {
  return invalidQuery(`The option "${name}" of a search has a value that it cannot have.`, `It is ${right}.`)
}
