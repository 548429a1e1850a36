/**
 * Finds what is typed in the titles of commands: every word that is typed has to begin a word of the title or of the
 * synonyms. Titles come back cut into parts, so that what matched can be marked. Pure.
 */

/** A piece of a title. */
export interface Part {
  readonly text: string
  readonly match: boolean
}

export interface Matchable {
  readonly title: string
  /** Words that it is also found by. */
  readonly synonyms?: string
}

/** The title in parts where all of `text` matches; else nothing. Without a text everything matches, and nothing is marked. */
export function matchTitle({ title, synonyms = '' }: Matchable, text: string): readonly Part[] | undefined {
  const typed = wordsOf(text).map(({ word }) => word)
  const inTitle = wordsOf(title)
  const others = wordsOf(synonyms)
  const found = typed.map((word) => ({
    word,
    at: inTitle.find((candidate) => candidate.word.startsWith(word))?.at,
    isSynonym: others.some((candidate) => candidate.word.startsWith(word)),
  }))
  if (found.some(({ at, isSynonym }) => at === undefined && !isSynonym)) return undefined
  const ranges = found.flatMap(({ word, at }) =>
    at === undefined ? [] : [{ from: at, to: at + word.length }],
  )
  return cut(title, ranges)
}

interface Word {
  readonly word: string
  readonly at: number
}

const wordsOf = (text: string): readonly Word[] =>
  [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({ word: match[0].toLowerCase(), at: match.index }))

interface Range {
  readonly from: number
  readonly to: number
}

function cut(title: string, ranges: readonly Range[]): readonly Part[] {
  const parts: Part[] = []
  let at = 0
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    if (from < at) continue
    if (from > at) parts.push({ text: title.slice(at, from), match: false })
    parts.push({ text: title.slice(from, to), match: true })
    at = to
  }
  if (at < title.length) parts.push({ text: title.slice(at), match: false })
  return parts
}
