// What tables and aggregates answer to every kind of range, against a filter over a sorted list; what they refuse; and
// that an answer names what it was read from: whenever it changes, a key that it depends on was touched (D3 rests on it).

import type { Draft, HeadwaterError, StoredEvent } from '@headwater/log'
import type { Answer, Changes, KeyPart, ViewRequest } from '@headwater/views'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { naiveIndex, naivePerOwnerAndDay, naiveRows } from './naive-views.ts'
import {
  Adjusted,
  allEvents,
  ask,
  byStatus,
  Closed,
  closeTabs,
  createProfile,
  Deleted,
  type Item,
  mergeAll,
  Opened,
  openTab,
  type Profile,
  type Tab,
} from './world.ts'

afterEach(closeTabs)

async function fill(count = 40): Promise<{ profile: Profile; tab: Tab; events: readonly StoredEvent[] }> {
  const profile = createProfile(5)
  const owners = ['ann', 'bob', undefined]
  for (let i = 0; i < count; i++) {
    const owner = owners[i % 3]
    const id = `item ${String((i * 7) % count).padStart(2, '0')}`
    await profile.append(Opened({ id, points: (i * 5) % 13, ...(owner ? { owner } : {}) }))
    if (i % 4 === 0) await profile.append(Closed({ id }))
    profile.clock.ms += 3_600_000
  }
  const tab = await openTab(profile)
  return { profile, tab, events: await allEvents(profile.log) }
}

interface Bounds {
  readonly prefix?: readonly KeyPart[]
  readonly gte?: readonly KeyPart[]
  readonly gt?: readonly KeyPart[]
  readonly lte?: readonly KeyPart[]
  readonly lt?: readonly KeyPart[]
  readonly reverse?: boolean
  readonly limit?: number
  readonly offset?: number
}

/** How a tuple lies to a bound that speaks of all tuples that begin with it: before (-1), among (0) or behind (1) them. */
function lies(tuple: readonly KeyPart[], bound: readonly KeyPart[]): number {
  for (const [i, part] of bound.entries()) {
    const own = tuple[i]!
    if (own === part) continue
    const rank = (value: KeyPart): number => ['boolean', 'number', 'string'].indexOf(typeof value)
    if (rank(own) !== rank(part)) return rank(own) < rank(part) ? -1 : 1
    const isLess =
      typeof own === 'string' && typeof part === 'string' ? own < part : Number(own) < Number(part)
    return isLess ? -1 : 1
  }
  return 0
}

function isWithin(tuple: readonly KeyPart[], { prefix, gte, gt, lte, lt }: Bounds): boolean {
  return (
    (!prefix || lies(tuple, prefix) === 0) &&
    (!gte || lies(tuple, gte) >= 0) &&
    (!gt || lies(tuple, gt) > 0) &&
    (!lte || lies(tuple, lte) <= 0) &&
    (!lt || lies(tuple, lt) < 0)
  )
}

function naiveRange<Row>(
  sorted: readonly Row[],
  tupleOf: (row: Row) => readonly KeyPart[],
  bounds: Bounds,
): readonly Row[] {
  const within = sorted.filter((row) => isWithin(tupleOf(row), bounds))
  const ordered = bounds.reverse ? within.toReversed() : within
  return ordered.slice(bounds.offset ?? 0).slice(0, bounds.limit ?? 1_000)
}

const part = fc.constantFrom<KeyPart>('open', 'closed', 'ope', 'z', '', 0, 3, 7, 12, true, null)
const tuple = fc.oneof(
  fc.constant([] as KeyPart[]),
  fc.tuple(part),
  fc.tuple(fc.constantFrom('open', 'closed'), fc.integer({ min: -1, max: 13 })),
)
const bounds = fc.record(
  {
    prefix: tuple,
    gte: tuple,
    gt: tuple,
    lte: tuple,
    lt: tuple,
    reverse: fc.boolean(),
    limit: fc.integer({ min: 1, max: 9 }),
    offset: fc.integer({ min: 0, max: 30 }),
  },
  { requiredKeys: [] },
)

describe('ranges', () => {
  test('a range over an index is a filter over the sorted rows', async () => {
    const { tab, events } = await fill()
    const sorted = naiveIndex(events, 'byStatus')
    await fc.assert(
      fc.asyncProperty(bounds, async (asked) => {
        const naive = naiveRange(sorted, byStatus, asked)
        expect(await ask(tab, 'items', 'range', 'byStatus', asked)).toEqual(naive)
        const { limit: _limit, reverse: _reverse, offset: _offset, ...all } = asked
        expect(await ask(tab, 'items', 'count', 'byStatus', all)).toBe(
          naiveRange(sorted, byStatus, all).length,
        )
      }),
      { seed: 61, numRuns: 300 },
    )
  })

  test('a range by key takes one text', async () => {
    const { tab, events } = await fill()
    const sorted = naiveRows(events).map(([, row]) => row)
    const text = fc.tuple(fc.constantFrom('item 07', 'item 1', 'item 20', '', 'z'))
    const asked = fc.record(
      { gte: text, gt: text, lte: text, lt: text, reverse: fc.boolean() },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(asked, async (range) => {
        const naive = naiveRange(sorted, ({ id }: Item) => [id], range)
        expect(await ask(tab, 'items', 'range', 'key', range)).toEqual(naive)
      }),
      { seed: 62 },
    )
    expect(await ask(tab, 'items', 'range', 'key', { prefix: ['item 07'] })).toEqual(
      sorted.filter(({ id }) => id === 'item 07'),
    )
  })

  test('pages follow one another without a gap, in both directions', async () => {
    const { tab, events } = await fill()
    for (const reverse of [false, true]) {
      for (const index of ['byStatus', 'key'] as const) {
        const rows: unknown[] = []
        let cursor: string | undefined
        do {
          const asked = { reverse, limit: 7, ...(cursor === undefined ? {} : { cursor }) }
          const page = (await ask(tab, 'items', 'page', index, asked)) as {
            readonly entries: readonly { readonly key: string; readonly row: Item }[]
            readonly cursor: string | undefined
          }
          expect(page.entries.every(({ key, row }) => key === row.id)).toBe(true)
          rows.push(...page.entries.map(({ row }) => row))
          cursor = page.cursor
        } while (cursor !== undefined)
        const naive =
          index === 'key' ? naiveRows(events).map(([, row]) => row) : naiveIndex(events, 'byStatus')
        expect(rows).toEqual(reverse ? naive.toReversed() : naive)
      }
    }
  })

  test('groups of an aggregate are found by their leading parts', async () => {
    const { tab, events } = await fill()
    const naive = naivePerOwnerAndDay(events)
    const anns = naive.filter(({ group }) => (group as readonly string[])[0] === 'ann')
    expect(await ask(tab, 'perOwnerAndDay', 'range', { prefix: ['ann'] })).toEqual(anns)
    expect(await ask(tab, 'perOwnerAndDay', 'range', { reverse: true, limit: 2 })).toEqual(
      naive.toReversed().slice(0, 2),
    )
    const [first] = naive
    const { group, ...measures } = first!
    expect(await ask(tab, 'perOwnerAndDay', 'get', group)).toEqual(measures)
    expect(await ask(tab, 'perOwnerAndDay', 'get', ['nobody', 'never'])).toBeUndefined()
  })
})

describe('bad arguments', () => {
  test.each<[view: string, method: string, ...args: unknown[]]>([
    ['items', 'get'],
    ['items', 'get', 7],
    ['items', 'history', null],
    ['items', 'range', 'byNothing'],
    ['items', 'range'],
    ['items', 'range', 'byStatus', { limit: 0 }],
    ['items', 'range', 'byStatus', { limit: 1.5 }],
    ['items', 'range', 'byStatus', { limit: 1_000_000 }],
    ['items', 'range', 'byStatus', { prefix: 'open' }],
    ['items', 'range', 'byStatus', { gte: [{}] }],
    ['items', 'range', 'byStatus', { form: ['open'] }],
    ['items', 'range', 'byStatus', { reverse: 'yes' }],
    ['items', 'page', 'byStatus', { cursor: 5 }],
    ['items', 'range', 'key', { gte: [5] }],
    ['items', 'range', 'key', { gte: ['a', 'b'] }],
    ['items', 'range', 'byStatus', 'all'],
    ['items', 'destroy'],
    ['perStatus', 'get'],
    ['perStatus', 'get', { status: 'open' }],
    ['perStatus', 'history', 'open'],
  ])(
    '%s.%s(%j) is refused as QUERY_INVALID with a hint',
    async (view: string, method: string, ...args: unknown[]) => {
      const { tab } = await fill(3)
      const refusal = await ask(tab, view, method, ...args).then(undefined, (error: HeadwaterError) => error)
      expect(refusal).toMatchObject({ code: 'QUERY_INVALID' })
      expect((refusal as HeadwaterError).hint.length).toBeGreaterThan(5)
    },
  )

  test('a view that nobody defined is refused by name', async () => {
    const { tab } = await fill(3)
    await expect(ask(tab, 'people', 'get', 'a')).rejects.toMatchObject({ code: 'VIEW_UNKNOWN' })
  })
})

describe('dependencies', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const owner = fc.constantFrom('ann', 'bob')
  const drafts: fc.Arbitrary<Draft> = fc.oneof(
    fc.record({ id, points: fc.nat(9), owner }).map((data): Draft => Opened(data)),
    fc.record({ id, points: fc.nat(9) }).map((data): Draft => Adjusted(data)),
    fc.record({ id }).map((data): Draft => Closed(data)),
    fc.record({ id }).map((data): Draft => Deleted(data)),
  )
  const requests: readonly ViewRequest[] = [
    { view: 'items', method: 'get', args: ['a'] },
    { view: 'items', method: 'get', args: ['nobody'] },
    { view: 'items', method: 'history', args: ['b'] },
    { view: 'items', method: 'count', args: ['byOwner', { prefix: ['ann'] }] },
    { view: 'items', method: 'count', args: [] },
    { view: 'items', method: 'range', args: ['key', { gt: ['b'], limit: 2 }] },
    { view: 'items', method: 'range', args: ['byStatus', { prefix: ['open'], limit: 2 }] },
    { view: 'items', method: 'range', args: ['byStatus', { prefix: ['open'], limit: 2, reverse: true }] },
    { view: 'items', method: 'page', args: ['byStatus', { limit: 2 }] },
    { view: 'items', method: 'page', args: ['key', { limit: 2, reverse: true }] },
    { view: 'items', method: 'range', args: ['key', { offset: 1, limit: 1 }] },
    {
      view: 'items',
      method: 'page',
      args: ['byStep', { prefix: ['opened'], offset: 1, limit: 1, reverse: true }],
    },
    { view: 'perStatus', method: 'get', args: ['closed'] },
    { view: 'perStatus', method: 'range', args: [{ limit: 1 }] },
    { view: 'perOwnerAndDay', method: 'range', args: [{ prefix: ['bob'] }] },
  ]

  test('an answer that changed was touched (D3)', async () => {
    const steps = fc.array(
      fc.record({ drafts: fc.array(drafts, { minLength: 1, maxLength: 3 }), foreign: fc.boolean() }),
    )
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const profile = createProfile(3)
        const other = createProfile(4)
        const tab = await profile.open()
        const told: Changes[] = []
        tab.views.onChanges((changes) => told.push(changes))
        let answers = await answerAll(tab)
        for (const step of all) {
          told.length = 0
          await (step.foreign ? other : profile).append(...step.drafts)
          if (!step.foreign) await mergeAll(other.log, profile.log)
          const next = await answerAll(tab)
          for (const [i, request] of requests.entries()) {
            if (isEqual(answers[i]!.value, next[i]!.value)) continue
            expect([request, told.some((changes) => isTouched(answers[i]!, changes))]).toEqual([
              request,
              true,
            ])
          }
          answers = next
        }
        await tab.close()
      }),
      { seed: 63, numRuns: 60 },
    )
  }, 30_000)

  test('a limited range is not touched by what lies behind its last row', async () => {
    const { profile, tab } = await fill()
    const request = { view: 'items', method: 'range', args: ['key', { limit: 3 }] } as const
    const answer = await tab.views.query(request)
    const told: Changes[] = []
    tab.views.onChanges((changes) => told.push(changes))
    await profile.append(Closed({ id: 'item 30' }))
    await ask(tab, 'items', 'count')
    expect(told.length).toBeGreaterThan(0)
    expect(told.some((changes) => isTouched(answer, changes))).toBe(false)
    await profile.append(Closed({ id: 'item 01' }))
    await ask(tab, 'items', 'count')
    expect(told.some((changes) => isTouched(answer, changes))).toBe(true)
  })

  test('a group that is counted out and in again is not touched', async () => {
    const { profile, tab } = await fill()
    const answer = await tab.views.query({ view: 'perStatus', method: 'range', args: [] })
    const told: Changes[] = []
    tab.views.onChanges((changes) => told.push(changes))
    const item = (await ask(tab, 'items', 'get', 'item 30')) as Item
    await profile.append(Adjusted({ id: 'item 30', points: item.points }))
    await ask(tab, 'items', 'count')
    expect(told.length).toBe(1)
    expect(told.some((changes) => isTouched(answer, changes))).toBe(false)
  })

  async function answerAll(tab: Tab): Promise<readonly Answer[]> {
    const atLeast = await tab.log.refresh()
    return Promise.all(requests.map((request) => tab.views.query(request, { atLeast })))
  }

  function isEqual(a: unknown, b: unknown): boolean {
    return JSON.stringify(a) === JSON.stringify(b)
  }

  function isTouched({ dependencies }: Answer, { all, keys }: Changes): boolean {
    if (all) return true
    return dependencies.some(({ map, from, to }) => keys.get(map)?.some((key) => key >= from && key <= to))
  }
})
