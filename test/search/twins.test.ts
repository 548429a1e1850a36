// The index against its twins: a linear scan over the rows says what must be found, and MiniSearch's own class, filled
// with the rows as they stand, says how well. Rows come, change and go before each comparison.

import type { Json } from '@headwater/log'
import fc from 'fast-check'
import MiniSearch from 'minisearch'
import { describe, expect, test } from 'vitest'
import { expandWord } from '../../packages/views/src/search/expansion.ts'
import { createInvertedIndex } from '../../packages/views/src/search/inverted-index.ts'
import { termsOf } from '../../packages/views/src/search/words.ts'
import { distance, naiveMatches, textOf } from './naive-search.ts'
import { createWorld, type Doc, FIELD_NAMES, FIELDS, PATIENT, type Tab, type World } from './world.ts'

const seed = 20_240_602

const word = fc.oneof(
  fc.stringMatching(/^[abc]{1,5}$/),
  fc.constantFrom('crash', 'crashes', 'crashed', 'start', 'star', 'Müller', 'Straße', 'a-b', '數據'),
)
const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '))
const doc: fc.Arbitrary<Doc> = fc.record(
  { title: text, body: fc.oneof(text, fc.constant(null)), tags: fc.array(word, { maxLength: 3 }) },
  { requiredKeys: ['title'] },
)
const key = fc.constantFrom('k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8', 'k9')
const change = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(key, doc) },
  { weight: 1, arbitrary: fc.tuple(key, fc.constant(undefined)) },
)
const options = fc.record(
  {
    prefix: fc.constantFrom(true, false, 'last' as const),
    fuzzy: fc.constantFrom(false as const, 0.2, 0.4, 1, 2),
    combine: fc.constantFrom('AND' as const, 'OR' as const),
    fields: fc.subarray([...FIELD_NAMES], { minLength: 1 }),
  },
  { requiredKeys: [] },
)

async function applyChanges(
  world: World,
  tab: Tab,
  changes: readonly (readonly [string, Doc | undefined])[],
) {
  for (const [name, row] of changes) await (row ? world.put(name, row) : world.remove(name))
  await tab.follow()
}

function miniSearchOver(rows: ReadonlyMap<string, Json>): MiniSearch {
  const twin = new MiniSearch({
    fields: [...FIELD_NAMES],
    tokenize: termsOf,
    processTerm: (term) => term,
    extractField: (document, name) => (name === 'id' ? document.id : textOf(document.row, name)),
  })
  twin.addAll([...rows].map(([id, row]) => ({ id, row })))
  return twin
}

describe('an index that follows its rows', () => {
  test('finds exactly the rows that a look at every row finds (V7)', PATIENT, async () => {
    const property = fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 25 }),
      fc.array(change, { maxLength: 25 }),
      fc.array(fc.tuple(text, options), { minLength: 1, maxLength: 6 }),
      async (before, after, questions) => {
        const world = createWorld()
        const tab = await world.openTab()
        await applyChanges(world, tab, before)
        await tab.search('anything')
        await applyChanges(world, tab, after)
        for (const [asked, how] of questions) {
          const found = await tab.search(asked, how)
          expect(found.hits.map((hit) => hit.key).sort()).toEqual(naiveMatches(tab.table.rows, asked, how))
          expect(found.total).toBe(found.hits.length)
        }
      },
    )
    await fc.assert(property, { seed, numRuns: 150 })
  })

  test(
    'scores as MiniSearch does over the rows as they stand, whatever happened before (V3)',
    PATIENT,
    async () => {
      const property = fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 20 }),
        fc.array(change, { maxLength: 20 }),
        text,
        options,
        async (before, after, asked, how) => {
          const world = createWorld()
          const tab = await world.openTab()
          await applyChanges(world, tab, before)
          await tab.search('anything')
          await applyChanges(world, tab, after)
          const { prefix = 'last', fuzzy = false, combine = 'AND', fields = FIELD_NAMES } = how
          const wanted = miniSearchOver(tab.table.rows).search(asked, {
            prefix: (_term, i, terms) => (prefix === 'last' ? i === terms.length - 1 : prefix),
            fuzzy,
            combineWith: combine,
            fields: [...fields],
            boost: FIELDS,
          })
          const found = await tab.search(asked, how)
          const scores = new Map(wanted.map(({ id, score }) => [id as string, score]))
          expect(found.hits.length).toBe(scores.size)
          for (const hit of found.hits) expect(hit.score).toBeCloseTo(scores.get(hit.key)!, 6)
        },
      )
      await fc.assert(property, { seed, numRuns: 150 })
    },
  )

  test(
    'answers to the last digit alike in whatever order the rows came, changed and were packed (V3)',
    PATIENT,
    async () => {
      const property = fc.asyncProperty(
        fc.uniqueArray(fc.tuple(key, doc), { selector: ([name]) => name, minLength: 1 }),
        fc.array(change, { maxLength: 20 }),
        text,
        options,
        fc.infiniteStream(fc.nat()),
        async (last, before, asked, how, chance) => {
          const rows = new Map(last)
          const straight = createWorld()
          const one = await straight.openTab()
          await applyChanges(straight, one, last)
          const roundabout = createWorld()
          const other = await roundabout.openTab()
          await other.search('anything')
          await applyChanges(roundabout, other, before)
          await other.view.checkpointNow(true)
          for (const [name] of before) if (!rows.has(name)) await roundabout.remove(name)
          const shuffled = [...last].sort(() => (chance.next().value! % 3) - 1)
          await applyChanges(roundabout, other, shuffled)
          const [left, right] = [await one.search(asked, how), await other.search(asked, how)]
          expect(right).toEqual(left)
          expect(await other.suggest(asked)).toEqual(await one.suggest(asked))
        },
      )
      await fc.assert(property, { seed, numRuns: 100 })
    },
  )
})

test('a word stands for its near spellings by the edit distance of Levenshtein', PATIENT, () => {
  const letters = fc.stringMatching(/^[abcd]{1,9}$/)
  const property = fc.property(
    fc.array(letters, { maxLength: 30 }),
    letters,
    fc.integer({ min: 1, max: 4 }),
    (all, asked, edits) => {
      const index = createInvertedIndex(1)
      index.put('k', [all.join(' ')])
      const found = [...expandWord(index, { term: asked, prefix: false, fuzzy: edits }).keys()].sort()
      const near = [...new Set(all)].filter((term) => distance(term, asked) <= edits)
      expect(found).toEqual(near.sort())
    },
  )
  fc.assert(property, { seed, numRuns: 500 })
})
