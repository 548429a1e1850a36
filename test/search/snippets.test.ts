// Passages under a hit: the right words marked, also for prefixes and near spellings, and never a letter changed.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PASSAGE_UNITS, snippetOf } from '../../packages/views/src/search/snippet.ts'
import { visitTerms } from '../../packages/views/src/search/words.ts'
import { createWorld, type Doc, type FoundHit, PATIENT } from './world.ts'

async function firstHit(row: Doc, text: string, options = {}): Promise<FoundHit> {
  const world = createWorld()
  await world.put('k', row)
  const tab = await world.openTab()
  const { hits } = await tab.search(text, options)
  expect(hits).toHaveLength(1)
  return hits[0]!
}

function marked(hit: FoundHit, field: string): string {
  return (hit.snippets[field] ?? []).map(({ text, match }) => (match ? `[${text}]` : text)).join('')
}

describe('a hit', () => {
  test('marks the words that matched, in each field that holds any', async () => {
    const hit = await firstHit({ title: 'Crash on start', body: 'It starts, then a crash.' }, 'crash start')
    expect(marked(hit, 'title')).toBe('[Crash] on [start]')
    expect(marked(hit, 'body')).toBe('It [starts], then a [crash].')
    expect(hit.terms).toEqual(['crash', 'start', 'starts'])
  })

  test('leaves out fields without a match', async () => {
    const hit = await firstHit({ title: 'Crash', body: 'nothing here' }, 'crash')
    expect(Object.keys(hit.snippets)).toEqual(['title'])
  })

  test('marks whole words for prefixes', async () => {
    const hit = await firstHit({ title: 'Crashing and crashed, not acrash' }, 'cra')
    expect(marked(hit, 'title')).toBe('[Crashing] and [crashed], not acrash')
  })

  test('marks near spellings, and only those', async () => {
    const hit = await firstHit({ title: 'crush crash trash cart' }, 'crash', { fuzzy: 1, prefix: false })
    expect(marked(hit, 'title')).toBe('[crush] [crash] [trash] cart')
    expect(hit.terms).toEqual(['crash', 'crush', 'trash'])
  })

  test('marks words as they are spelled in the text', async () => {
    const hit = await firstHit({ title: 'Die Straße nach MÜLLER führt' }, 'muller strasse')
    expect(marked(hit, 'title')).toBe('Die [Straße] nach [MÜLLER] führt')
  })

  test('marks a word once that holds two terms', async () => {
    const hit = await firstHit({ title: '½ liter' }, '1 2')
    expect(marked(hit, 'title')).toBe('[½] liter')
  })

  test('shows the items of a list line by line', async () => {
    const hit = await firstHit({ title: '', tags: ['crash', 'ui'] }, 'crash')
    expect(marked(hit, 'tags')).toBe('[crash]\nui')
  })

  test('keeps what looks like markup as text', async () => {
    const hit = await firstHit({ title: '<b>crash</b> & "more"' }, 'crash')
    expect(marked(hit, 'title')).toBe('<b>[crash]</b> & "more"')
  })

  test('shows the place where different matches are densest', async () => {
    const filler = 'lorem ipsum dolor sit amet '.repeat(20)
    const body = `crash ${filler}a crash on start here ${filler}start`
    const hit = await firstHit({ title: '', body }, 'crash start')
    expect(marked(hit, 'body')).toContain('a [crash] on [start] here')
    expect(marked(hit, 'body')).toMatch(/^….*…$/)
    expect(marked(hit, 'body').length).toBeLessThan(PASSAGE_UNITS + 40)
  })
})

test(
  'a passage is a run of its text, of bounded length, around at least one match, cut between characters',
  PATIENT,
  () => {
    const unit = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('a', 'b', ' ', ' ') },
      fc.constantFrom('é', '😀', '數', '\n'),
    )
    const texts = fc.string({ unit, minLength: 1, maxLength: 700 })
    const property = fc.property(texts, fc.integer({ min: 1, max: 7 }), (text, every) => {
      const spans: { term: string; start: number; end: number }[] = []
      let count = 0
      visitTerms(text, (term, start, end) => {
        if (count++ % every === 0 && spans.at(-1)?.start !== start) spans.push({ term, start, end })
      })
      fc.pre(spans.length > 0)
      const parts = snippetOf(text, spans)
      const passage = parts
        .map((part) => part.text)
        .join('')
        .replace(/^…|…$/g, '')
      expect(text).toContain(passage)
      expect(parts.some(({ match }) => match)).toBe(true)
      const longest = Math.max(...spans.map(({ start, end }) => end - start))
      expect(passage.length).toBeLessThanOrEqual(Math.max(longest, PASSAGE_UNITS + 24))
      expect(passage).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/)
      if (passage.length < text.length) expect(parts.map((part) => part.text).join('')).toContain('…')
      for (const { text: part, match } of parts)
        if (match) expect(spans.some(({ start, end }) => text.slice(start, end) === part)).toBe(true)
    })
    fc.assert(property, { seed: 20_240_603, numRuns: 500 })
  },
)
