// Documents under weather: several authors who type at once, updates that arrive in any order and come in parts, tabs that
// open, store, adopt, rebuild and stop anywhere. Every tab must hold what one Yjs document that was given everything holds.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { ViewGroup } from '../../packages/views/src/group/view-group.ts'
import { allEvents, mergeAll, type Profile } from '../views/world.ts'
import {
  type Author,
  appendUpdate,
  createAuthor,
  createWriter,
  digestsOf,
  feed,
  figuresOf,
  naiveContent,
  naiveDocuments,
  openFed,
  type TabStep,
  takeInTab,
  textIn,
} from './world.ts'

const SEED = 20_270_110
const IDS = ['a', 'b', 'c']

type Edit =
  | { readonly type: 'insert'; readonly at: number; readonly text: string }
  | { readonly type: 'delete'; readonly at: number; readonly length: number }
  | { readonly type: 'bold'; readonly at: number; readonly length: number }
  | { readonly type: 'set'; readonly name: string; readonly text: string }
  | { readonly type: 'nest'; readonly name: string; readonly text: string }
  | { readonly type: 'push'; readonly value: string }
  | { readonly type: 'paste'; readonly size: number }

const at = fc.nat({ max: 40 })
const length = fc.integer({ min: 1, max: 12 })
const text = fc.string({ minLength: 1, maxLength: 8 })
const name = fc.constantFrom('x', 'y')
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('insert' as const), at, text }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), at, length }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('bold' as const), at, length }) },
  fc.record({ type: fc.constant('set' as const), name, text }),
  fc.record({ type: fc.constant('nest' as const), name, text }),
  fc.record({ type: fc.constant('push' as const), value: text }),
  // Long enough that bases are made, and that an update comes in parts.
  fc.record({ type: fc.constant('paste' as const), size: fc.constantFrom(30_000, 300_000) }),
)

type Step =
  | { readonly type: 'type'; readonly author: number; readonly id: string; readonly edits: readonly Edit[] }
  | { readonly type: 'exchange'; readonly from: number; readonly to: number; readonly id: string }
  | { readonly type: 'deliver'; readonly pick: number }
  | { readonly type: 'merge' }
  | TabStep

const author = fc.nat({ max: 2 })
const id = fc.constantFrom(...IDS)
const tab = fc.nat({ max: 2 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('type' as const),
      author,
      id,
      edits: fc.array(edit, { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('exchange' as const), from: author, to: author, id }),
  },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('deliver' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('checkpoint' as const), tab }) },
  fc.record({ type: fc.constant('rebuild' as const), tab }),
  fc.record({ type: fc.constant('merge' as const) }),
  ...(['open', 'closeTab', 'adopt'] as const).map((type) => fc.record({ type: fc.constant(type) })),
)

function make(doc: Y.Doc, what: Edit): void {
  const body = doc.getText('body')
  const place = (wanted: number): number => Math.min(wanted, body.length)
  switch (what.type) {
    case 'insert':
      body.insert(place(what.at), what.text)
      break
    case 'delete':
      body.delete(place(what.at), Math.min(what.length, body.length - place(what.at)))
      break
    case 'bold':
      body.format(place(what.at), Math.min(what.length, body.length - place(what.at)), { bold: true })
      break
    case 'set':
      doc.getMap('fields').set(what.name, what.text)
      break
    case 'nest': {
      const nested = new Y.Text(what.text)
      doc.getMap('fields').set(what.name, nested)
      nested.format(0, 1, { bold: true })
      break
    }
    case 'paste':
      body.insert(body.length, 'paste '.repeat(what.size / 6))
      break
    case 'push':
      doc.getArray('list').push([what.value])
      break
  }
}

const NOTHING = { waiting: 0, parts: 0, quarantined: 0 }

interface Weather {
  readonly profile: Profile
  readonly other: Profile
  /** By document, each author's copy. */
  readonly authors: ReadonlyMap<string, readonly Author[]>
  /** Updates that nobody has been given yet. */
  readonly onTheWay: { readonly id: string; readonly update: Uint8Array }[]
  readonly tabs: ViewGroup[]
}

function createWeather(seed: number): Weather {
  const authors = new Map(IDS.map((each, i) => [each, [1, 2, 3].map((n) => createAuthor(seed + i * 10 + n))]))
  return { profile: createWriter(seed), other: createWriter(seed + 1), authors, onTheWay: [], tabs: [] }
}

async function take(weather: Weather, what: Step): Promise<void> {
  const { profile, other, authors, onTheWay, tabs } = weather
  switch (what.type) {
    case 'type': {
      const writer = authors.get(what.id)![what.author]!
      const update = writer.type((doc) => {
        for (const each of what.edits) make(doc, each)
      })
      onTheWay.push({ id: what.id, update })
      break
    }
    case 'exchange': {
      const [from, to] = [authors.get(what.id)![what.from]!, authors.get(what.id)![what.to]!]
      Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc))
      break
    }
    case 'deliver': {
      const [next] = onTheWay.splice(what.pick % Math.max(1, onTheWay.length), 1)
      if (next) await appendUpdate(what.pick % 3 === 0 ? other : profile, next.id, next.update)
      break
    }
    case 'merge':
      await mergeAll(other.log, profile.log)
      break
    default:
      await takeInTab(profile, tabs, what)
  }
}

async function compare({ profile, tabs }: Weather): Promise<void> {
  const naive = naiveDocuments(await allEvents(profile.log))
  for (const each of tabs) {
    await feed(profile, each, 3)
    for (const [key, doc] of naive) {
      // A document of which nothing but empty updates came is none.
      expect((await textIn(each, key)) ?? '').toBe(naiveContent(doc).text)
    }
  }
}

describe('documents under weather', () => {
  test('every tab holds what one document that was given every update holds (V2, V3, V7)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.nat(1_000),
        async (steps, seed) => {
          const weather = createWeather(seed)
          weather.tabs.push(await openFed(weather.profile))
          try {
            for (const each of steps) {
              await take(weather, each)
              await compare(weather)
            }
            await calm(weather)
          } finally {
            for (const each of weather.tabs) await each.close()
          }
        },
      ),
      { seed: SEED, numRuns: 60 },
    )
  })
})

/** Everything arrives, in one order here and in another there: both hold the same, and nothing waits. */
async function calm(weather: Weather): Promise<void> {
  const { profile, other, onTheWay, tabs } = weather
  for (const { id: key, update } of onTheWay.splice(0).reverse()) await appendUpdate(profile, key, update)
  await mergeAll(other.log, profile.log)
  await mergeAll(profile.log, other.log)
  await compare(weather)
  const there = await openFed(other)
  const again = await openFed(profile)
  const digests = await digestsOf(there)
  for (const each of [...tabs, again]) {
    await feed(profile, each)
    expect(await digestsOf(each)).toEqual(digests)
    for (const [key, doc] of naiveDocuments(await allEvents(profile.log))) {
      const figures = (await figuresOf(each, key)) ?? NOTHING
      expect(figures).toMatchObject({ waiting: 0, parts: 0, quarantined: 0 })
      expect((await textIn(each, key)) ?? '').toBe(naiveContent(doc).text)
    }
  }
  await there.close()
  await again.close()
}
