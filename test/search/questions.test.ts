// What a search may be asked, and how it answers: options, conditions on rows, bounds, refusals, completions.

import type { Json } from '@headwater/log'
import { describe, expect, test } from 'vitest'
import { MAX_LIMIT } from '../../packages/views/src/search/query.ts'
import { createWorld, type Tab } from './world.ts'

async function openIssues(): Promise<Tab> {
  const world = createWorld()
  await world.putAll({
    a: { title: 'Crash on start', body: 'The app crashes', status: 'open', points: 3, tags: ['bug'] },
    b: {
      title: 'Start menu is slow',
      body: 'crash, sometimes',
      status: 'closed',
      points: 5,
      tags: ['bug', 'ui'],
    },
    c: { title: 'Crashed while saving', body: null, status: 'open', points: 8 },
    d: { title: 'Dark theme', body: 'please', status: 'open', points: 1, tags: ['ui'] },
  })
  return world.openTab()
}

describe('a search', () => {
  test('asks for all words, the last of them as a prefix, when nothing else is said', async () => {
    const tab = await openIssues()
    expect(await tab.keys('crash start')).toEqual(['a', 'b'])
    expect(await tab.keys('start crash')).toEqual(['a', 'b'])
    expect(await tab.keys('sta')).toEqual(['a', 'b'])
    expect(await tab.keys('sta crash')).toEqual([])
  })

  test('takes every word as a prefix, or none', async () => {
    const tab = await openIssues()
    expect(await tab.keys('sta cra', { prefix: true })).toEqual(['a', 'b'])
    expect(await tab.keys('sta', { prefix: false })).toEqual([])
  })

  test('takes any of the words', async () => {
    const tab = await openIssues()
    expect([...(await tab.keys('theme menu', { combine: 'OR' }))].sort()).toEqual(['b', 'd'])
  })

  test('takes near spellings', async () => {
    const tab = await openIssues()
    expect(await tab.keys('crsh', { prefix: false })).toEqual([])
    expect(await tab.keys('thene', { fuzzy: 0.2, prefix: false })).toEqual(['d'])
    expect([...(await tab.keys('crsh', { fuzzy: 1, prefix: false }))].sort()).toEqual(['a', 'b'])
  })

  test('looks only into the fields named', async () => {
    const tab = await openIssues()
    expect([...(await tab.keys('crash', { fields: ['title'] }))].sort()).toEqual(['a', 'c'])
    expect(await tab.keys('crash', { fields: ['tags'] })).toEqual([])
    expect(await tab.keys('ui', { fields: ['tags'] })).toEqual(['d', 'b'])
  })

  test('ranks by the weights of the fields', async () => {
    const world = createWorld()
    await world.putAll({
      body: { title: 'other thing', body: 'needle thing' },
      title: { title: 'needle thing', body: 'other thing' },
    })
    const tab = await world.openTab()
    expect(await tab.keys('needle')).toEqual(['title', 'body'])
  })

  test('orders equal scores by key', async () => {
    const world = createWorld()
    for (const key of ['m', 'z', 'a', 'k']) await world.put(key, { title: 'the same' })
    const tab = await world.openTab()
    expect(await tab.keys('same')).toEqual(['a', 'k', 'm', 'z'])
    expect(await tab.keys('same', { limit: 2 })).toEqual(['a', 'k'])
  })

  test('tells how many match beyond the limit', async () => {
    const tab = await openIssues()
    const { hits, total } = await tab.search('crash', { limit: 1 })
    expect([hits.length, total]).toEqual([1, 3])
    expect(await tab.search('crash', { limit: 0 })).toEqual({ hits: [], total: 3 })
  })

  test.each(['', '   ', '?!', '\n'])('without words, as %j, finds nothing and is no error', async (text) => {
    const tab = await openIssues()
    expect(await tab.search(text)).toEqual({ hits: [], total: 0 })
    expect(await tab.suggest(text)).toEqual([])
  })

  test('takes names that objects have by nature as words', async () => {
    const world = createWorld()
    await world.put('__proto__', { title: 'constructor __proto__ hasOwnProperty' })
    const tab = await world.openTab()
    for (const word of ['constructor', '__proto__', 'hasownproperty'])
      expect(await tab.keys(word)).toEqual(['__proto__'])
    const [hit] = (await tab.search('constructor')).hits
    expect(hit!.terms).toEqual(['constructor'])
  })

  test('takes a pasted page: only its first words count', async () => {
    const tab = await openIssues()
    expect(await tab.keys('crash '.repeat(10_000))).toEqual(expect.arrayContaining(['a', 'b']))
  })
})

describe('conditions', () => {
  test.each<[Json, readonly string[]]>([
    [{ status: 'open' }, ['a', 'c']],
    [{ status: ['closed', 'lost'] }, ['b']],
    [{ status: [] }, []],
    [{ points: { gte: 5 } }, ['b', 'c']],
    [{ points: { gt: 5 } }, ['c']],
    [{ points: { lt: 5 } }, ['a']],
    [{ points: { gte: 3, lte: 5 } }, ['a', 'b']],
    [{ status: { gte: 'd' } }, ['a', 'c']],
    [{ points: { gte: '3' } }, []],
    [{ body: null }, ['c']],
    [{ status: 'open', points: 3 }, ['a']],
    [{ tags: ['bug', 'ui'] }, ['b']],
    [{ tags: 'ui' }, ['b']],
    [{ missing: 1 }, []],
    [{ missing: null }, []],
    [{ toString: {} }, []],
    [{}, ['a', 'b', 'c']],
  ])('%j', async (where, keys) => {
    const tab = await openIssues()
    expect([...(await tab.keys('crash', { where }))].sort()).toEqual(keys)
  })

  test('are met by reading rows in bounded steps until the limit is filled', async () => {
    const world = createWorld()
    const rows = Array.from({ length: 900 }, (_, i) => [
      `k${String(i).padStart(3, '0')}`,
      { title: 'needle', points: i % 300 === 299 ? 1 : 0 },
    ])
    await world.putAll(Object.fromEntries(rows))
    const tab = await world.openTab()
    expect(await tab.keys('needle', { where: { points: 1 }, limit: 2 })).toEqual(['k299', 'k599'])
    expect((await tab.search('needle', { where: { points: 1 } })).total).toBe(3)
    expect((await tab.search('needle')).total).toBe(900)
  })

  test('end early when the asker has gone', async () => {
    const world = createWorld()
    await world.putAll(
      Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, { title: 'needle' }])),
    )
    const tab = await world.openTab()
    await tab.search('needle')
    const asked = new AbortController()
    const request = { view: 'docSearch', method: 'search', args: ['needle', { where: { points: 1 } }] }
    const answer = tab.view.answer(request, asked.signal)
    asked.abort()
    await expect(answer).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

describe('a question of the wrong type is refused by name', () => {
  test.each<readonly Json[]>([
    [[]],
    [[7]],
    [[null]],
    [['a', 'b']],
    [['a', []]],
    [['a', { prefix: 'first' }]],
    [['a', { prefix: 1 }]],
    [['a', { fuzzy: -1 }]],
    [['a', { fuzzy: true }]],
    [['a', { fuzzy: 1.5 }]],
    [['a', { fuzzy: 7 }]],
    [['a', { combine: 'XOR' }]],
    [['a', { fields: 'title' }]],
    [['a', { fields: ['owner'] }]],
    [['a', { limit: -1 }]],
    [['a', { limit: 1.5 }]],
    [['a', { limit: MAX_LIMIT + 1 }]],
    [['a', { where: 'open' }]],
    [['a', { where: ['open'] }]],
    [['a', { where: { points: { gte: null } } }]],
    [['a', { where: { points: { lt: [1] } } }]],
  ])('search(%j)', async (args) => {
    const tab = await openIssues()
    const request = { view: 'docSearch', method: 'search', args: args as readonly Json[] }
    await expect(tab.view.answer(request)).rejects.toMatchObject({ code: 'QUERY_INVALID' })
    expect(tab.table.reads).toBe(0)
  })

  test('an unknown method', async () => {
    const tab = await openIssues()
    const request = { view: 'docSearch', method: 'range', args: [] }
    await expect(tab.view.answer(request)).rejects.toMatchObject({ code: 'QUERY_INVALID' })
  })
})

describe('completions', () => {
  test('complete the last word, the ones that more rows hold first', async () => {
    const world = createWorld()
    for (let i = 0; i < 5; i++) await world.put(`often${i}`, { title: 'crashing app' })
    await world.put('once', { title: 'cranberry juice' })
    const tab = await world.openTab()
    expect((await tab.suggest('cra')).map(({ suggestion }) => suggestion)).toEqual(['crashing', 'cranberry'])
    expect((await tab.suggest('app cra')).map(({ suggestion }) => suggestion)).toEqual(['app crashing'])
    expect((await tab.suggest('juice cra')).map(({ suggestion }) => suggestion)).toEqual(['juice cranberry'])
  })

  test('put what is a word already before what is longer', async () => {
    const world = createWorld()
    await world.putAll({ a: { title: 'crash crashes' }, b: { title: 'crash' }, c: { title: 'crashes' } })
    const tab = await world.openTab()
    expect((await tab.suggest('crash')).map(({ suggestion }) => suggestion)).toEqual(['crash', 'crashes'])
  })

  test('correct near spellings when asked to', async () => {
    const tab = await openIssues()
    expect(await tab.suggest('crsh')).toEqual([])
    expect((await tab.suggest('crsh', { fuzzy: 0.3 })).map(({ suggestion }) => suggestion)).toEqual(['crash'])
    expect((await tab.suggest('thme', { fuzzy: 1, limit: 1 })).map(({ suggestion }) => suggestion)).toEqual([
      'theme',
    ])
  })

  test('forget rows that are gone', async () => {
    const world = createWorld()
    await world.put('a', { title: 'ephemeral' })
    const tab = await world.openTab()
    expect(await tab.suggest('eph')).toHaveLength(1)
    await world.remove('a')
    await tab.follow()
    expect(await tab.suggest('eph')).toEqual([])
  })
})
