/**
 * From text to search terms, for the index, for queries and for snippets alike: whatever changes here must raise
 * `WORDS_VERSION` (`lineage.ts`), which is part of every dump, so that no index is ever asked in other words than it was built with.
 *
 * A word is a run of letters, marks and digits, or one emoji. Its term is lower case, without compatibility forms (NFKD)
 * and without diacritics ("Müller" and "MULLER" are "muller", "Straße" is "strasse"), cut after 64 units. Scripts that
 * put no spaces between words (Han, Kana, Thai, Lao, Khmer, Myanmar) are taken character by character: a search for
 * several characters finds the texts that hold them all, in whatever order.
 */

/** Longer words are cut here, in the index and in queries, so that a pasted blob costs one short term. */
export const MAX_TERM_UNITS = 64

/** Called with each term in order and where its word stands in the text. */
export type TermVisitor = (term: string, start: number, end: number) => void

const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}'
const NON_ASCII = /[\u0080-\uffff]/
const ASCII_WORD = /[A-Za-z0-9]+/g
/** Words as they stand in a text. Symbols and format characters belong to them until they are folded away. */
const RAW_WORD = new RegExp(
  `[${UNSPACED}]\\p{M}*|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}\\p{So}\\p{Cf}])+`,
  'gu',
)
/** Terms within a folded word: "5㎏" is "5kg", "½" is "1" and "2", an emoji stands alone. */
const FOLDED_TERM = new RegExp(
  `[${UNSPACED}]\\p{M}*|\\p{Extended_Pictographic}|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+`,
  'gu',
)
/** What people type words without. */
const FOLDED_AWAY = new RegExp(
  `[${[
    '\\u0300-\\u036f\\u0483-\\u0489\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f', // diacritics
    '\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7', // Hebrew points
    '\\u0610-\\u061a\\u064b-\\u065f\\u0670', // Arabic points
    '\\u00ad\\u200b-\\u200f\\u2060\\ufe00-\\ufe0f\\ufeff', // invisible: soft hyphens, joiners, variation selectors
  ].join('')}]`,
  'gu',
)
/** Letters that Unicode does not decompose, though people type them as others. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ς: 'σ',
}
const UNDECOMPOSED = /[ßæœøłđðþħıς]/g

/** The terms of a text, in order, repeated ones included. */
export function termsOf(text: string): string[] {
  const terms: string[] = []
  visitTerms(text, (term) => terms.push(term))
  return terms
}

/** Visits the terms of a text with the place of the word that each stems from. */
export function visitTerms(text: string, visit: TermVisitor): void {
  const isAscii = !NON_ASCII.test(text)
  for (const match of text.matchAll(isAscii ? ASCII_WORD : RAW_WORD)) {
    const word = match[0]
    const end = match.index + word.length
    if (isAscii || !NON_ASCII.test(word)) visit(cutTerm(word).toLowerCase(), match.index, end)
    else for (const term of foldWord(word)) visit(cutTerm(term), match.index, end)
  }
}

function foldWord(word: string): readonly string[] {
  const folded = word.normalize('NFKD').toLowerCase().replace(FOLDED_AWAY, '')
  return folded.replace(UNDECOMPOSED, (letter) => LETTERS[letter] ?? letter).match(FOLDED_TERM) ?? []
}

function cutTerm(term: string): string {
  if (term.length <= MAX_TERM_UNITS) return term
  const last = term.charCodeAt(MAX_TERM_UNITS - 1)
  return term.slice(0, last >= 0xd800 && last <= 0xdbff ? MAX_TERM_UNITS - 1 : MAX_TERM_UNITS)
}
