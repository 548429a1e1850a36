/**
 * Passages to show under a hit: about 160 units of a field's text around the place where matches are densest, cut at
 * spaces where one is near, as parts of plain text of which some are matches. The parts put together are that passage to
 * the letter, with an ellipsis where the text goes on. There is no markup in it: who shows it decides how matches look.
 */

/** A part of a passage. */
export interface SnippetPart {
  readonly text: string
  readonly match: boolean
}

/** A matching word in a text. */
export interface MatchSpan {
  readonly start: number
  readonly end: number
  readonly term: string
}

/** About how long a passage is. */
export const PASSAGE_UNITS = 160
/** How far a cut may move to meet a space. */
const SPACE_UNITS = 24
const ELLIPSIS = '…'

/** The passage of `text` with the densest matches; `spans` ascend and do not overlap, and there is at least one. */
export function snippetOf(text: string, spans: readonly MatchSpan[]): readonly SnippetPart[] {
  const { start, end } = passageOf(text, spans)
  const parts: SnippetPart[] = []
  let at = start
  for (const span of spans) {
    if (span.start < start || span.end > end) continue
    addPart(parts, text.slice(at, span.start), false)
    addPart(parts, text.slice(span.start, span.end), true)
    at = span.end
  }
  addPart(parts, text.slice(at, end) + (end < text.length ? ELLIPSIS : ''), false)
  return start > 0 ? [{ text: ELLIPSIS, match: false }, ...parts] : parts
}

function addPart(parts: SnippetPart[], text: string, match: boolean): void {
  if (text !== '') parts.push({ text, match })
}

interface Passage {
  readonly start: number
  readonly end: number
}

function passageOf(text: string, spans: readonly MatchSpan[]): Passage {
  if (text.length <= PASSAGE_UNITS + SPACE_UNITS) return { start: 0, end: text.length }
  const { first, last } = densest(spans)
  const room = Math.max(0, PASSAGE_UNITS - (last.end - first.start))
  const earliest = Math.max(0, Math.min(first.start - (room >>> 1), text.length - PASSAGE_UNITS))
  const start = earliest === 0 ? 0 : cutBefore(text, earliest, Math.min(first.start, earliest + SPACE_UNITS))
  const latest = Math.min(text.length, Math.max(start + PASSAGE_UNITS, last.end))
  return {
    start,
    end: latest === text.length ? latest : cutAfter(text, latest, Math.max(last.end, latest - SPACE_UNITS)),
  }
}

/** The run of spans within one passage that names the most different terms, then the most spans; the first such. */
function densest(spans: readonly MatchSpan[]): { readonly first: MatchSpan; readonly last: MatchSpan } {
  let best = { first: spans[0]!, last: spans[0]!, value: 0 }
  const counts = new Map<string, number>()
  let from = 0
  for (let to = 0; to < spans.length; to++) {
    const last = spans[to]!
    counts.set(last.term, (counts.get(last.term) ?? 0) + 1)
    while (last.end - spans[from]!.start > PASSAGE_UNITS && from < to) drop(counts, spans[from++]!.term)
    const value = counts.size * spans.length + (to - from)
    if (value > best.value) best = { first: spans[from]!, last, value }
  }
  return best
}

function drop(counts: Map<string, number>, term: string): void {
  const left = (counts.get(term) ?? 0) - 1
  if (left > 0) counts.set(term, left)
  else counts.delete(term)
}

/** A start behind a space in [from, to], else `from`, never inside a surrogate pair. */
function cutBefore(text: string, from: number, to: number): number {
  for (let at = from; at <= to; at++) if (isSpace(text, at - 1)) return at
  return isLowSurrogate(text, from) ? from + 1 : from
}

/** An end before a space in [to, from], else `from`, never inside a surrogate pair. */
function cutAfter(text: string, from: number, to: number): number {
  for (let at = from; at >= to; at--) if (isSpace(text, at)) return at
  return isLowSurrogate(text, from) ? from - 1 : from
}

function isSpace(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit === 32 || (unit >= 9 && unit <= 13) || unit === 160 || unit === 0x3000
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}
