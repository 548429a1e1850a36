/**
 * Pages: immutable runs of entries of one map in key order, each stored as one string.
 *
 * ```
 * page = JSON of [[key, …], [value, …]]      as many keys as values, at least one, keys strictly ascending
 * ```
 *
 * A page is full at about 500 entries or 64 KiB, both in one measure, the *load*. Text that does not parse, or is not
 * what its manifest says, is refused: the caller then treats the base as lost.
 */
import type { Json } from '@headwater/log'
import { freezeJson } from './freeze.ts'
import { parseJson, stringifyJson } from './json-text.ts'

/** A page in memory. Keys ascend; values are frozen. */
export interface Page {
  readonly keys: readonly string[]
  readonly values: readonly Json[]
  /** Length of its text, which stands for the memory that it takes. */
  readonly bytes: number
}

/** Load of a full page: 64 KiB, or 500 entries of what each takes at least. */
export const FULL_LOAD = 65_536
const LEAST_ENTRY_LOAD = Math.floor(FULL_LOAD / 500)

/** Load of an entry of about `bytes`. */
export function entryLoad(bytes: number): number {
  return bytes > LEAST_ENTRY_LOAD ? Math.ceil(bytes) : LEAST_ENTRY_LOAD
}

/** Load of a whole page. */
export function pageLoad(count: number, bytes: number): number {
  return Math.max(count * LEAST_ENTRY_LOAD, bytes)
}

/** A page's text. */
export function encodePage(keys: readonly string[], values: readonly Json[]): string {
  return stringifyJson([keys, values])
}

/** The page of a text, when it holds `count` entries from `first` on; nothing when it does not. */
export function parsePage(text: string, first: string, count: number): Page | undefined {
  const parsed = parseJson(text)
  if (!Array.isArray(parsed) || parsed.length !== 2) return undefined
  const [keys, values] = parsed as readonly unknown[]
  if (!Array.isArray(keys) || !Array.isArray(values)) return undefined
  if (keys.length !== count || values.length !== count || keys[0] !== first) return undefined
  for (const value of values) freezeJson(value as Json)
  return { keys: keys as string[], values: values as Json[], bytes: text.length }
}
