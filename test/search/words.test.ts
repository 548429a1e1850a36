// How text becomes terms: the same for the index, for queries and for snippets.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_TERM_UNITS, termsOf, visitTerms } from '../../packages/views/src/search/words.ts'
import { PATIENT } from './world.ts'

const seed = 20_240_601

describe('words', () => {
  test.each([
    ['Crash on start!', ['crash', 'on', 'start']],
    ['Müller MÜLLER muller mu\u0308ller', ['muller', 'muller', 'muller', 'muller']],
    ['Straße STRASSE', ['strasse', 'strasse']],
    ['Ærøskøbing Łódź œuvre', ['aeroskobing', 'lodz', 'oeuvre']],
    ['ΟΔΟΣ οδός', ['οδοσ', 'οδοσ']],
    ['İstanbul ıstanbul', ['istanbul', 'istanbul']],
    ['ёлка Ёлка', ['елка', 'елка']],
    ['snake_case camelCase a-b x.y.z', ['snake', 'case', 'camelcase', 'a', 'b', 'x', 'y', 'z']],
    ['`code` <b>bold</b> $5 c++', ['code', 'b', 'bold', 'b', '5', 'c']],
    ['5㎏ ½ ﬁn Ⅷ', ['5kg', '1', '2', 'fin', 'viii']],
    ['數據庫 test', ['數', '據', '庫', 'test']],
    ['日本語のテスト', ['日', '本', '語', 'の', 'テ', 'ス', 'ト']],
    ['great👍 👩‍💻', ['great', '👍', '👩', '💻']],
    ['co\u00adoperate zero\u200bwidth', ['cooperate', 'zerowidth']],
    ['', []],
    [' \n\t!?', []],
    ['\ud800 lone \udfff', ['lone']],
  ])('%j is cut and folded into %j', (text, terms) => {
    expect(termsOf(text)).toEqual(terms)
  })

  test('a long word is cut, also in a query, and never within a character', () => {
    expect(termsOf('a'.repeat(500))).toEqual(['a'.repeat(MAX_TERM_UNITS)])
    expect(termsOf(`é${'a'.repeat(MAX_TERM_UNITS - 2)}𐐨x`)).toEqual([`e${'a'.repeat(MAX_TERM_UNITS - 2)}`])
    expect(termsOf(`é${'a'.repeat(MAX_TERM_UNITS - 3)}𐐨x`)).toEqual([`e${'a'.repeat(MAX_TERM_UNITS - 3)}𐐨`])
  })

  test('terms are the words of their own text: asking for a term finds it', PATIENT, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        for (const term of termsOf(text)) expect(termsOf(term)).toEqual([term])
      }),
      { seed, numRuns: 1_000 },
    )
  })

  test('plain text gives the same terms by the short way and by the way of all scripts', PATIENT, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 60 }), (text) => {
        expect(termsOf(`${text} é`)).toEqual([...termsOf(text), 'e'])
      }),
      { seed, numRuns: 500 },
    )
  })

  test('each term is told with the place of its word', () => {
    const text = 'Ein Müller, 數據; ½!'
    const places: string[] = []
    visitTerms(text, (term, start, end) => places.push(`${term}:${text.slice(start, end)}`))
    expect(places).toEqual(['ein:Ein', 'muller:Müller', '數:數', '據:據', '1:½', '2:½'])
  })

  test('terms hold nothing that a dump uses between them', PATIENT, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        for (const term of termsOf(text)) expect(term).not.toMatch(/[\s\p{C}]/u)
      }),
      { seed, numRuns: 1_000 },
    )
  })
})
