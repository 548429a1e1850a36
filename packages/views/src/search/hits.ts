/**
 * Answers a search: expands the words, scores the documents, then reads rows of the best in bounded steps until `limit`
 * of them meet the conditions. The scoring is one synchronous run over one state of the index; the rows are read
 * afterwards, so hits always show current rows, and rows that are gone or match no more are left out.
 */
import type { Json } from '@headwater/log'
import type { Slices } from '../state/slice.ts'
import type { TableReader } from '../table/reader.ts'
import { expandWord } from './expansion.ts'
import type { InvertedIndex } from './inverted-index.ts'
import { createMatcher, type RowMatch } from './matcher.ts'
import type { SearchQuery } from './query.ts'
import { createRanking, type Ranking } from './ranking.ts'
import { scoreDocuments } from './score.ts'
import { meets } from './where.ts'

/** A hit: `SearchHit` of the page. */
export interface Hit extends RowMatch {
  readonly key: string
  readonly row: Json
  readonly score: number
}

/** `SearchResult` of the page. */
export interface Hits {
  readonly hits: readonly Hit[]
  /** Rows that match; with conditions, those that were found while `limit` was filled. */
  readonly total: number
}

/** What answers are made from. */
export interface SearchSource {
  readonly index: InvertedIndex
  readonly table: TableReader
  readonly fields: readonly string[]
  readonly weights: readonly number[]
}

/** Rows read at once, while conditions leave rows out. */
const FEWEST_ROWS = 32
const MOST_ROWS = 512

interface Candidate {
  readonly key: string
  readonly score: number
}

/**
 * Starts a search: what is asked of the index is done when this returns, reading rows when the promise resolves.
 * `mustBeWanted` throws when nobody waits for the answer any more.
 */
export async function findHits(
  source: SearchSource,
  query: SearchQuery,
  slices: Slices,
  mustBeWanted: () => void,
): Promise<Hits> {
  if (query.words.length === 0) return { hits: [], total: 0 }
  const expansions = query.words.map((word) => expandWord(source.index, word))
  const candidates = rank(source, query, expansions)
  const matcher = createMatcher(query, expansions, source.fields)
  const hits: Hit[] = []
  while (hits.length < query.limit && candidates.remaining > 0) {
    const step = takeSome(candidates, query, hits.length)
    const rows = await source.table.get(step.map(({ key }) => key))
    for (let i = 0; i < step.length && hits.length < query.limit; i++) {
      const row = rows[i]
      const candidate = step[i]!
      const match = row !== undefined && meets(row, query.where) ? matcher.match(row) : undefined
      if (match && row !== undefined) {
        const { table } = source
        hits.push({ ...candidate, row: table.plainRow?.(row) ?? row, ...match })
      }
      const rest = slices.rest()
      if (rest) await rest
    }
    mustBeWanted()
  }
  const matches = hits.length + candidates.remaining
  return { hits, total: query.where.length > 0 ? hits.length : matches }
}

function rank(
  { index, weights }: SearchSource,
  query: SearchQuery,
  expansions: Parameters<typeof scoreDocuments>[2],
): Ranking<Candidate> {
  const { keys } = index.documents
  const scoring = {
    combine: query.combine,
    weights: weights.map((weight, i) => (query.searched[i] ? weight : 0)),
  }
  const terms = query.words.map(({ term }) => term)
  const { matches, scores } = scoreDocuments(index.documents, terms, expansions, scoring)
  const isBefore = (left: number, right: number): boolean =>
    scores[left]! > scores[right]! || (scores[left] === scores[right] && keys[left]! < keys[right]!)
  const ranking = createRanking([...matches], isBefore)
  return {
    get remaining() {
      return ranking.remaining
    },
    take() {
      const document = ranking.take()
      return document === undefined ? undefined : { key: keys[document]!, score: scores[document]! }
    },
  }
}

/** The next candidates: as many as are wanted, or, when conditions leave rows out, twice as many. */
function takeSome(candidates: Ranking<Candidate>, query: SearchQuery, found: number): readonly Candidate[] {
  const missing = query.limit - found
  const wanted = query.where.length === 0 ? missing : Math.max(FEWEST_ROWS, missing * 2)
  const step: Candidate[] = []
  while (step.length < Math.min(wanted, MOST_ROWS)) {
    const candidate = candidates.take()
    if (candidate === undefined) break
    step.push(candidate)
  }
  return step
}
