/**
 * Finds a query's words in the text of a row: which indexed terms matched, where, and whether the row matches at all. It
 * looks at the row as it is now and not at the index, so a row that changed since it was indexed is never shown for a
 * text that it no longer holds.
 */
import type { Json } from '@headwater/log'
import type { Expansion } from './expansion.ts'
import type { SearchQuery } from './query.ts'
import { shownText } from './row-text.ts'
import { type MatchSpan, type SnippetPart, snippetOf } from './snippet.ts'
import { visitTerms } from './words.ts'

/** What matched in a row. */
export interface RowMatch {
  /** Indexed terms that matched, ascending. */
  readonly terms: readonly string[]
  /** A passage by field, for the fields that hold matches. */
  readonly snippets: Readonly<Record<string, readonly SnippetPart[]>>
}

/** Looks at rows for one query. */
export interface Matcher {
  /** What matched; nothing when the row does not match (any more). */
  match(row: Json): RowMatch | undefined
}

/** A matcher for a query whose words stand for `expansions`. */
export function createMatcher(
  query: SearchQuery,
  expansions: readonly Expansion[],
  fields: readonly string[],
): Matcher {
  const wordsOfTerm = invert(expansions)
  const searched = fields.filter((_, field) => query.searched[field])
  return {
    match(row) {
      const spansByField = searched.map((field) => {
        const text = shownText(row, field)
        return { text, spans: findSpans(text, wordsOfTerm) }
      })
      const terms = new Set(spansByField.flatMap(({ spans }) => spans.map((span) => span.term)))
      const words = new Set([...terms].flatMap((term) => wordsOfTerm.get(term) ?? []))
      if (words.size < (query.combine === 'AND' ? expansions.length : 1)) return undefined
      const withMatches = spansByField.flatMap(({ text, spans }, i) =>
        spans.length === 0 ? [] : [[searched[i]!, snippetOf(text, withoutRepeats(spans))] as const],
      )
      return { terms: [...terms].sort(), snippets: Object.fromEntries(withMatches) }
    },
  }
}

/** By indexed term, the words of the query that it matches. */
function invert(expansions: readonly Expansion[]): ReadonlyMap<string, readonly number[]> {
  const wordsOfTerm = new Map<string, number[]>()
  expansions.forEach((expansion, word) => {
    for (const term of expansion.keys()) {
      const words = wordsOfTerm.get(term)
      if (words) words.push(word)
      else wordsOfTerm.set(term, [word])
    }
  })
  return wordsOfTerm
}

function findSpans(text: string, wordsOfTerm: ReadonlyMap<string, unknown>): readonly MatchSpan[] {
  const spans: MatchSpan[] = []
  visitTerms(text, (term, start, end) => {
    if (wordsOfTerm.has(term)) spans.push({ term, start, end })
  })
  return spans
}

/** One word of a text may hold several terms ("½" is "1" and "2"); it is marked once. */
function withoutRepeats(spans: readonly MatchSpan[]): readonly MatchSpan[] {
  return spans.filter((span, i) => span.start !== spans[i - 1]?.start)
}
