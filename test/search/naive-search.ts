// The naive twin of a search index: looks at every row, word by word. Which rows match is decided by comparing each of
// their terms with each word of the query; near spellings by Levenshtein's own table.

import type { Json } from '@headwater/log'
import { termsOf } from '../../packages/views/src/search/words.ts'
import { FIELD_NAMES } from './world.ts'

export interface NaiveOptions {
  readonly prefix?: boolean | 'last'
  readonly fuzzy?: number | false
  readonly combine?: 'AND' | 'OR'
  readonly fields?: readonly string[]
}

/** Keys of the rows that match, ascending. */
export function naiveMatches(
  rows: ReadonlyMap<string, Json>,
  text: string,
  { prefix = 'last', fuzzy = false, combine = 'AND', fields = FIELD_NAMES }: NaiveOptions = {},
): readonly string[] {
  const words = termsOf(text)
  if (words.length === 0) return []
  const isMatch = (row: Json): boolean => {
    const terms = fields.flatMap((field) => termsOf(textOf(row, field)))
    const found = words.map((word, i) => {
      const isPrefix = prefix === 'last' ? i === words.length - 1 : prefix
      return terms.some((term) => matches(term, word, isPrefix, fuzzy || 0))
    })
    return combine === 'AND' ? found.every(Boolean) : found.some(Boolean)
  }
  return [...rows]
    .filter(([, row]) => isMatch(row))
    .map(([key]) => key)
    .sort()
}

export function textOf(row: Json, field: string): string {
  const member = (row as { readonly [name: string]: Json })[field]
  return Array.isArray(member) ? member.join('\n') : ((member ?? '') as string)
}

function matches(term: string, word: string, isPrefix: boolean, fuzzy: number): boolean {
  if (term === word || (isPrefix && term.startsWith(word))) return true
  const edits = fuzzy < 1 ? Math.min(6, Math.round(word.length * fuzzy)) : fuzzy
  return edits > 0 && distance(term, word) <= edits
}

export function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, j) => j)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const swap = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[right.length]!
}
