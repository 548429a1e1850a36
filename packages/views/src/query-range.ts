/**
 * Ranges as callers ask for them (`prefix`, `gte`, `gt`, `lte`, `lt` on the leading parts of a tuple, `reverse`, `limit`,
 * `offset`, `cursor`) parsed into an interval of one map's keys. A bound speaks of every tuple that begins with it: `gt: ['open']`
 * is behind all that begin with 'open', `lte: ['open']` includes them. What fits no range is `QUERY_INVALID`.
 */
import { HeadwaterError, type Json } from '@headwater/log'
import type { KeyPart } from './definition.ts'
import { encodeKey, prefixRange } from './key.ts'
import type { KeyRange } from './state/paged-state.ts'
import type { Dependency } from './view.ts'

/** A parsed range. */
export interface QueryRange {
  /** First key that may be in it. */
  readonly low: string | undefined
  /** First key behind it. */
  readonly high: string | undefined
  readonly reverse: boolean
  readonly limit: number
  /** How many entries of the range are left out before the first that is answered. */
  readonly offset: number
}

/** How the parts of a bound become keys. */
export interface KeySpelling {
  /** The least key of all that begin with these parts. */
  least(parts: readonly KeyPart[]): string
  /** The least key behind all that begin with these parts. */
  behind(parts: readonly KeyPart[]): string
}

/** Rows, or groups, when nothing is said. */
export const DEFAULT_LIMIT = 1_000
/** The most at a time; more is read page by page. */
export const MAX_LIMIT = 100_000
/** Behind every key. */
export const END_OF_KEYS: string = '\uffff'.repeat(16)

/** Tuples as `encodeKey` spells them. */
export const tupleSpelling: KeySpelling = {
  least: encodeKey,
  behind: (parts) => (parts.length === 0 ? END_OF_KEYS : prefixRange(parts).to),
}

/** A single text, spelled as it is. */
export const textSpelling: KeySpelling = {
  least: (parts) => textOf(parts) ?? '',
  behind: (parts) => (parts.length === 0 ? END_OF_KEYS : successor(textOf(parts) ?? '')),
}

const BOUNDS = ['prefix', 'gte', 'gt', 'lte', 'lt'] as const
type Bound = (typeof BOUNDS)[number]

/** Parses options. `extra` names what else the method takes. Throws `QUERY_INVALID`. */
export function parseRange(what: string, options: Json | undefined, spelling: KeySpelling): QueryRange {
  const given = asOptions(what, options)
  const bounds = new Map<Bound, readonly KeyPart[]>()
  for (const bound of BOUNDS) {
    const parts = given[bound]
    if (parts !== undefined) bounds.set(bound, parseParts(what, bound, parts))
  }
  const at = (bound: Bound, spell: KeySpelling['least']): string | undefined => {
    const parts = bounds.get(bound)
    return parts && spell(parts)
  }
  const least = (parts: readonly KeyPart[]): string => spelling.least(parts)
  const behind = (parts: readonly KeyPart[]): string => spelling.behind(parts)
  const reverse = parseReverse(what, given.reverse)
  const cursor = parseCursor(what, given.cursor)
  const lows = [
    at('prefix', least),
    at('gte', least),
    at('gt', behind),
    reverse ? undefined : cursor && successor(cursor),
  ]
  const highs = [at('prefix', behind), at('lte', behind), at('lt', least), reverse ? cursor : undefined]
  return {
    low: greatest(lows),
    high: smallest(highs),
    reverse,
    limit: parseNumber(what, 'limit', given.limit, 1, MAX_LIMIT) ?? DEFAULT_LIMIT,
    offset: parseNumber(what, 'offset', given.offset, 0, Number.MAX_SAFE_INTEGER) ?? 0,
  }
}

/** The range as a state reads it. */
export function toKeyRange({ low, high, reverse, offset }: QueryRange): KeyRange {
  return {
    ...(low === undefined ? {} : { gte: low }),
    ...(high === undefined ? {} : { lt: high }),
    skip: offset,
    reverse,
  }
}

/**
 * What an answer depends on: the whole range, or, when it was cut short at a key, only the part up to there. The end is
 * inclusive and may be one key too far, which costs an evaluation and never an answer.
 */
export function toDependency(
  map: string,
  { low, high, reverse }: QueryRange,
  cutAt: string | undefined,
): Dependency {
  const from = low ?? ''
  const to = high ?? END_OF_KEYS
  if (cutAt === undefined) return { map, from, to }
  return reverse ? { map, from: cutAt, to } : { map, from, to: cutAt }
}

/** The refusal of arguments. */
export function invalidQuery(message: string, hint: string): HeadwaterError {
  return new HeadwaterError('QUERY_INVALID', message, { hint })
}

/** Parts of a key, or the refusal. */
export function parseParts(what: string, name: string, parts: Json): readonly KeyPart[] {
  if (Array.isArray(parts) && parts.every(isKeyPart)) return parts
  throw invalidQuery(
    `${what} was given ${name}: ${JSON.stringify(parts)}, which is no list of key parts.`,
    `Give the leading parts of the key as a list: { ${name}: ['open'] }.`,
  )
}

function isKeyPart(part: Json): part is KeyPart {
  return part === null || typeof part !== 'object'
}

/** The least text above another. */
function successor(text: string): string {
  return `${text}\0`
}

function textOf(parts: readonly KeyPart[]): string | undefined {
  const [text] = parts
  if (text === undefined) return undefined
  if (parts.length === 1 && typeof text === 'string') return text
  throw invalidQuery(
    `The index "key" has one part, a text; ${JSON.stringify(parts)} is no such key.`,
    "Give one text: { gte: ['issue-7'] }.",
  )
}

function greatest(keys: readonly (string | undefined)[]): string | undefined {
  return keys.reduce(
    (most, key) => (key !== undefined && (most === undefined || key > most) ? key : most),
    undefined,
  )
}

function smallest(keys: readonly (string | undefined)[]): string | undefined {
  return keys.reduce(
    (least, key) => (key !== undefined && (least === undefined || key < least) ? key : least),
    undefined,
  )
}

const KNOWN: ReadonlySet<string> = new Set([...BOUNDS, 'reverse', 'limit', 'offset', 'cursor'])

function asOptions(what: string, options: Json | undefined): { readonly [name: string]: Json | undefined } {
  if (options === undefined || options === null) return {}
  const isObject = typeof options === 'object' && !Array.isArray(options)
  const unknown = isObject ? Object.keys(options).find((name) => !KNOWN.has(name)) : JSON.stringify(options)
  if (unknown === undefined) return options as { readonly [name: string]: Json }
  throw invalidQuery(`${what} knows no option "${unknown}".`, `It takes ${[...KNOWN].join(', ')}.`)
}

function parseReverse(what: string, reverse: Json | undefined): boolean {
  if (reverse === undefined || typeof reverse === 'boolean') return reverse ?? false
  throw invalidQuery(`${what} was given reverse: ${JSON.stringify(reverse)}.`, 'It is true or false.')
}

function parseCursor(what: string, cursor: Json | undefined): string | undefined {
  if (cursor === undefined || typeof cursor === 'string') return cursor
  throw invalidQuery(
    `${what} was given a cursor that is no text.`,
    'Hand back the cursor of the page before.',
  )
}

function parseNumber(
  what: string,
  name: string,
  given: Json | undefined,
  least: number,
  most: number,
): number | undefined {
  if (given === undefined) return undefined
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= least && given <= most)
    return given
  throw invalidQuery(
    `${what} was given ${name}: ${JSON.stringify(given)}.`,
    `It is a whole number from ${least} to ${most}; more is read page by page.`,
  )
}
