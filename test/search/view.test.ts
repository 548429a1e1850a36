// The view over its life: cold, made, following, parked, stale, rebuilt, closed. Laws V2–V7 where they concern a search
// index, and its place behind the table.

import { emptyBatch, HeadwaterError, type Json } from '@headwater/log'
import { describe, expect, test } from 'vitest'
import type { Changes, ViewStatus } from '../../packages/views/src/view.ts'
import { createFlakyStore } from './flaky-store.ts'
import { naiveMatches } from './naive-search.ts'
import { createWorld, offset, type Tab, type World } from './world.ts'

async function openWith(
  rows: Readonly<Record<string, Json>>,
): Promise<{ readonly world: World; readonly tab: Tab }> {
  const world = createWorld()
  await world.putAll(rows)
  return { world, tab: await world.openTab() }
}

function statusOf(tab: Tab): ViewStatus {
  return tab.view.status(tab.log.head)[0]!
}

async function digestsOf(tab: Tab): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>()
  for await (const [key, digest] of tab.view.digests(tab.view.name)) digests.set(key, digest)
  return digests
}

/** Holds back what scans have read, until it is opened. */
function gateScans(tab: Tab): { readonly reached: Promise<void>; open(): void } {
  const scan = tab.table.scan.bind(tab.table)
  let open = (): void => undefined
  let reach = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  tab.table.scan = async (after, limit) => {
    const rows = await scan(after, limit)
    reach()
    await opened
    return rows
  }
  return { reached, open }
}

/** Holds back rows that are asked for by key, until it is opened. */
function gateRows(tab: Tab): { open(): void } {
  const get = tab.table.get.bind(tab.table)
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  tab.table.get = async (keys) => {
    await opened
    return get(keys)
  }
  return { open }
}

/** Lets work go on that waits for turns and timers. */
async function pass(tab: Tab, ms = 0): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await tab.scheduler.nextTurn()
    tab.scheduler.advance(ms)
  }
}

const storageLost = new HeadwaterError('STORAGE_LOST', 'The connection broke.', { hint: 'Try again.' })

describe('before the first question', () => {
  test('an index costs nothing, and is where its table is', async () => {
    const { world, tab } = await openWith({ a: { title: 'one' } })
    await world.put('b', { title: 'two' })
    await tab.follow()
    expect(statusOf(tab)).toEqual({
      name: 'docSearch',
      kind: 'search',
      state: 'live',
      unmade: true,
      position: 2,
      checkpoint: 0,
      lag: 0,
      ratePerSecond: 0,
      skipped: 0,
      quarantined: 0,
      memoryBytes: 0,
    })
    expect(tab.table.reads).toBe(0)
    expect(tab.view).toMatchObject({
      name: 'docSearch',
      answersFor: ['docSearch'],
      stopped: false,
      congested: false,
    })
    expect([...tab.view.types]).toEqual(['row.put', 'row.gone'])
  })

  test('several questions at once make one index', async () => {
    const { tab } = await openWith({ a: { title: 'one' } })
    await Promise.all([tab.search('one'), tab.search('one'), tab.suggest('o')])
    expect(tab.table.scans).toBe(2)
  })
})

describe('an answer', () => {
  test('says its position and the one key that every change touches', async () => {
    const { tab } = await openWith({ a: { title: 'one' } })
    const answer = await tab.view.answer({ view: 'docSearch', method: 'search', args: ['one'] })
    expect(answer).toMatchObject({ position: 1, dependencies: [{ map: 'search', from: 'any', to: 'any' }] })
  })

  test('shows rows as they are now, and none that matches no more', async () => {
    const { world, tab } = await openWith({ a: { title: 'needle', status: 'old' }, b: { title: 'needle' } })
    await tab.search('needle')
    const unsettled = tab.table.follow.bind(tab.table)
    await world.put('a', { title: 'needle', status: 'new' })
    await world.put('b', { title: 'straw' })
    await unsettled()
    const { hits, total } = await tab.search('needle')
    expect(hits.map(({ key, row }) => [key, row.status])).toEqual([['a', 'new']])
    expect(total).toBe(1)
  })

  test('is given while rows arrive, from one state of the index', async () => {
    const { world, tab } = await openWith(
      Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, { title: `needle n${i}` }])),
    )
    tab.table.isSlow = true
    await tab.search('needle')
    for (let i = 0; i < 100; i++) await world.put(`k${i}`, { title: `needle m${i}` })
    const [found] = await Promise.all([tab.search('needle', { limit: 100 }), tab.follow()])
    expect(found.hits).toHaveLength(100)
  })
})

describe('making the index', () => {
  test('tells how many of the rows are in it, however many events made them', async () => {
    const rows = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`k${i}`, { title: 'needle' }]))
    const { world, tab } = await openWith(rows)
    for (let i = 0; i < 50; i++) await world.put('k0', { title: 'needle' })
    await tab.table.follow()
    const gate = gateScans(tab)
    const found = tab.search('needle')
    await gate.reached
    expect(statusOf(tab)).toMatchObject({ state: 'rebuilding', progress: { done: 0, total: 600 } })
    gate.open()
    await found
  })

  test('is told while it goes on, and when it has ended', async () => {
    const { tab } = await openWith({ a: { title: 'needle' } })
    const told = new Set<string>()
    tab.view.onMoved(() => {
      const { state, unmade, progress } = statusOf(tab)
      told.add([state, unmade, progress?.done, progress?.total].join(' '))
    })
    await tab.search('needle')
    expect([...told]).toEqual([
      'restoring  0 0',
      'rebuilding  0 0',
      'rebuilding  0 1',
      'rebuilding  1 1',
      'live   ',
    ])
  })
})

describe('following the table', () => {
  test('each commit changes answers as a look at all rows would (V7)', async () => {
    const { world, tab } = await openWith({})
    await tab.search('x')
    for (const [key, title] of [
      ['a', 'red'],
      ['b', 'red green'],
      ['a', 'green'],
      ['c', 'blue'],
      ['b', ''],
    ] as const) {
      await world.put(key, { title })
      await tab.follow()
      for (const text of ['red', 'green', 'blue']) {
        expect([...(await tab.keys(text))].sort()).toEqual(naiveMatches(tab.table.rows, text))
      }
    }
    await world.remove('c')
    await tab.follow()
    expect(await tab.keys('blue')).toEqual([])
  })

  test('is behind while rows wait, and never ahead of the table', async () => {
    const { world, tab } = await openWith({ a: { title: 'one' } })
    await tab.search('x')
    await world.put('b', { title: 'two' })
    await world.put('c', { title: 'three' })
    await tab.log.refresh()
    await tab.view.fold(emptyBatch(tab.log.head), () => ({
      spent: () => false,
    }))
    expect([tab.view.position, statusOf(tab).lag]).toEqual([1, 2])
    tab.table.isSlow = true
    await tab.table.follow()
    expect(tab.view.position).toBe(1)
    await tab.follow()
    expect([tab.view.position, statusOf(tab).lag]).toEqual([3, 0])
  })

  test('does no work for rows whose indexed text stays, and yet says that they changed', async () => {
    const { world, tab } = await openWith({ a: { title: 'one', status: 'open', tags: ['x', 'y'] } })
    await tab.search('x')
    const changes: Changes[] = []
    tab.view.onChanges((change) => changes.push(change))
    const reads = tab.table.reads
    await world.put('a', { title: 'one', status: 'closed', tags: ['x', 'y'], points: 3 })
    await tab.follow()
    expect([tab.table.reads - reads, tab.view.position]).toEqual([0, 2])
    expect(changes).toEqual([
      { view: 'docSearch', position: 2, all: false, keys: new Map([['search', ['any']]]) },
    ])
  })

  test('says of each change that it came, once, and no more after unsubscribing', async () => {
    const { world, tab } = await openWith({ a: { title: 'one' } })
    await tab.search('x')
    const positions: number[] = []
    const stop = tab.view.onChanges(({ position }) => positions.push(position))
    await tab.follow()
    expect(positions).toEqual([])
    await world.put('b', { title: 'two' })
    await tab.follow()
    expect(positions).toEqual([2])
    stop()
    await world.put('c', { title: 'three' })
    await tab.follow()
    expect(positions).toEqual([2])
  })

  test('says that the last rows of a change are in answers, however many there are (D3)', async () => {
    const { world, tab } = await openWith({ a: { title: 'one' } })
    await tab.search('x')
    const positions: number[] = []
    tab.view.onChanges(({ position }) => positions.push(position))
    const rows = Array.from({ length: 200 }, (_, i) => [`k${i}`, { title: 'two' }] as const)
    await world.putAll(Object.fromEntries(rows))
    await tab.table.follow(undefined, 1_000)
    await tab.follow()
    expect(positions.at(-1)).toBe(201)
  })

  test('says of what changed while the index was made that it came (D3)', async () => {
    const { world, tab } = await openWith({ a: { title: 'one' } })
    const positions: number[] = []
    tab.view.onChanges(({ position }) => positions.push(position))
    const scans = gateScans(tab)
    const rows = gateRows(tab)
    const found = tab.keys('two')
    await scans.reached
    await world.put('a', { title: 'two' })
    await tab.table.follow()
    scans.open()
    await pass(tab)
    await world.put('b', { title: 'two' })
    await tab.table.follow()
    rows.open()
    await found
    await tab.follow()
    expect([tab.view.position, positions.at(-1)]).toEqual([3, 3])
  })

  test('works in slices of 8 ms: making, loading, catching up, dumping, digesting', async () => {
    const rows = Object.fromEntries(
      Array.from({ length: 400 }, (_, i) => [`k${i}`, { title: `word${i} needle` }]),
    )
    const { world, tab } = await openWith(rows)
    await tab.search('needle')
    await tab.view.checkpointNow(true)
    await world.putAll(Object.fromEntries(Object.keys(rows).map((key) => [key, { title: 'changed' }])))
    const next = await world.openTab()
    await next.search('needle')
    await tab.follow()
    await digestsOf(tab)
    // Each look at the clock takes a millisecond here, and not every look is a step of work.
    expect(Math.max(tab.scheduler.longestSliceMs, next.scheduler.longestSliceMs)).toBeLessThanOrEqual(16)
  })

  test('a jump of the table is followed by the keys of the events between', async () => {
    const { world, tab } = await openWith(
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, { title: `needle n${i}` }])),
    )
    await tab.search('x')
    const scans = tab.table.scans
    await world.put('k3', { title: 'straw' })
    await world.remove('k4')
    const all: boolean[] = []
    tab.view.onChanges((change) => all.push(change.all))
    await tab.table.jump()
    await pass(tab)
    expect([tab.view.position, tab.table.scans]).toEqual([22, scans])
    expect([...(await tab.keys('needle'))].sort()).toEqual(naiveMatches(tab.table.rows, 'needle'))
    expect(all).toContain(true)
  })

  test('a jump that goes further than the table stands, since another that it is joined with lags, misses none', async () => {
    const { world, tab } = await openWith({ a: { title: 'needle' }, b: { title: 'needle' } })
    await tab.search('x')
    tab.table.heldAt = offset(2)
    await world.put('c', { title: 'needle' })
    await world.put('a', { title: 'straw' })
    await tab.table.jump()
    await pass(tab)
    expect(tab.view.position).toBe(2)
    tab.table.heldAt = undefined
    await world.put('d', { title: 'needle' })
    await tab.follow()
    expect([...(await tab.keys('needle'))].sort()).toEqual(['b', 'c', 'd'])
  })

  test('and until they have been read and their rows indexed, the view stays where it was', async () => {
    const { world, tab } = await openWith({ a: { title: 'needle' }, b: { title: 'needle' } })
    await tab.search('x')
    tab.table.isSlow = true
    await world.put('c', { title: 'needle' })
    await tab.table.follow()
    await world.put('a', { title: 'straw' })
    await tab.table.jump()
    await world.put('d', { title: 'needle' })
    await tab.table.follow()
    for (let turns = 0; turns < 50 && tab.view.position < 5; turns++) {
      const { position } = tab.view
      const found = [...(await tab.keys('needle'))].sort()
      if (position >= 4) expect(found).not.toContain('a')
      if (position >= 3) expect(found).toContain('c')
      await tab.scheduler.nextTurn()
    }
    expect(tab.view.position).toBe(5)
    expect([...(await tab.keys('needle'))].sort()).toEqual(['b', 'c', 'd'])
  })
})

describe('a view that fails', () => {
  test('for a row that cannot be indexed is parked alone, says which row, and answers from what it has (V6)', async () => {
    const { world, tab } = await openWith({ a: { title: 'needle' } })
    await tab.search('x')
    const told: string[] = []
    tab.view.onChanges(() => told.push(statusOf(tab).state))
    await world.put('b', { title: 7 })
    await tab.follow()
    expect(statusOf(tab)).toMatchObject({
      state: 'parked',
      position: 1,
      lag: 1,
      error: { code: 'FOLD_FAILED', facts: { key: 'b', field: 'title' } },
    })
    expect(tab.view.stopped).toBe(true)
    expect(told).toEqual(['parked'])
    expect(await tab.keys('needle')).toEqual(['a'])
    await world.put('c', { title: 'needle' })
    await tab.follow()
    expect(tab.view.position).toBe(1)
  })

  test('before it was whole has nothing to answer from (V6)', async () => {
    const { world, tab } = await openWith({ a: { title: 'needle' }, b: { title: { not: 'text' } } })
    await expect(tab.search('needle')).rejects.toMatchObject({
      code: 'VIEW_PARKED',
      facts: { view: 'docSearch', key: 'b' },
    })
    await expect(tab.search('needle')).rejects.toMatchObject({ code: 'VIEW_PARKED' })
    expect(statusOf(tab)).toMatchObject({ state: 'parked', position: 0, error: { code: 'FOLD_FAILED' } })
    await world.put('b', { title: 'mended needle' })
    await tab.follow()
    await tab.view.rebuild()
    expect(statusOf(tab)).toMatchObject({ state: 'live', position: 3 })
    expect([...(await tab.keys('needle'))].sort()).toEqual(['a', 'b'])
  })

  test.each<Json>([7, true, { deep: 'text' }, ['text', 7], [['text']]])(
    'a member %j is no text',
    async (title) => {
      const { tab } = await openWith({ a: { title } })
      await expect(tab.search('x')).rejects.toMatchObject({ code: 'VIEW_PARKED' })
    },
  )

  test.each<Json>([null, '', [], 'text', ['text', 'more']])(
    'a member %j is text or nothing',
    async (title) => {
      const { tab } = await openWith({ a: { title }, b: 'no object', c: null, d: ['list'] })
      await tab.search('x')
      expect(statusOf(tab).state).toBe('live')
    },
  )

  test('is stale while its table stands still, and answers (V6)', async () => {
    const { tab } = await openWith({ a: { title: 'needle' } })
    await tab.search('x')
    tab.table.stopped = true
    expect([statusOf(tab).state, tab.view.stopped]).toEqual(['stale', true])
    expect(await tab.keys('needle')).toEqual(['a'])
  })

  test('to read rows for a moment tries again', async () => {
    const { world, tab } = await openWith({ a: { title: 'needle' } })
    await tab.search('x')
    tab.table.failing = { times: 2, error: storageLost }
    await world.put('b', { title: 'needle' })
    await tab.table.follow()
    await pass(tab, 1_000)
    expect([statusOf(tab).state, tab.view.position]).toEqual(['live', 2])
    expect([...(await tab.keys('needle'))].sort()).toEqual(['a', 'b'])
  })

  test('to read rows for long goes on trying, and says how far it is behind', async () => {
    const { world, tab } = await openWith({ a: { title: 'needle' } })
    await tab.search('x')
    tab.table.failing = { times: 10, error: storageLost }
    await world.put('b', { title: 'needle' })
    await tab.table.follow()
    await pass(tab, 10_000)
    expect(statusOf(tab)).toMatchObject({ state: 'live', position: 1 })
    expect(tab.table.failing.times).toBeGreaterThan(0)
    await pass(tab, 30_000)
    await pass(tab, 30_000)
    expect(tab.view.position).toBe(2)
  })

  test('by a bug is parked with it, and taken up again by a rebuild (V6)', async () => {
    const { world, tab } = await openWith({ a: { title: 'needle' } })
    await tab.search('x')
    tab.table.failing = { times: 1, error: new TypeError('a bug') }
    await world.put('b', { title: 'needle' })
    await tab.follow()
    expect(statusOf(tab)).toMatchObject({ state: 'parked', position: 1, error: { code: 'INTERNAL' } })
    await tab.view.rebuild()
    expect(statusOf(tab)).toMatchObject({ state: 'live', position: 2 })
  })

  test('to read the rows when it is made fails that question, and the next one tries again', async () => {
    const { tab } = await openWith({ a: { title: 'needle' } })
    tab.table.failing = { times: 1, error: storageLost }
    await expect(tab.search('needle')).rejects.toBe(storageLost)
    expect(statusOf(tab).state).toBe('live')
    expect(await tab.keys('needle')).toEqual(['a'])
  })
})

describe('a rebuild', () => {
  test('of the table is followed on the side: the old index answers until the new one is whole (V5)', async () => {
    const { tab } = await openWith(
      Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, { title: 'needle' }])),
    )
    await tab.search('x')
    tab.table.isSlow = true
    const changes: Changes[] = []
    tab.view.onChanges((change) => changes.push(change))
    tab.table.startOver(
      new Map([
        ['k1', { title: 'needle' }],
        ['n', { title: 'needle new' }],
      ]),
    )
    expect(statusOf(tab)).toMatchObject({ state: 'rebuilding', progress: { done: 0 } })
    expect(await tab.keys('needle')).toEqual(['k1'])
    await pass(tab)
    await pass(tab)
    expect(statusOf(tab).state).toBe('live')
    expect([...(await tab.keys('needle'))].sort()).toEqual(['k1', 'n'])
    expect(changes.at(-1)).toMatchObject({ all: true })
  })

  test('on demand takes in what changes meanwhile (V2)', async () => {
    const { world, tab } = await openWith(
      Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, { title: 'needle' }])),
    )
    await tab.search('x')
    tab.table.isSlow = true
    const rebuilt = tab.view.rebuild()
    await world.put('k1', { title: 'straw' })
    await world.put('k99', { title: 'needle' })
    await tab.table.follow()
    await rebuilt
    expect(tab.view.position).toBe(52)
    expect([...(await tab.keys('needle', { limit: 100 }))].sort()).toEqual(
      naiveMatches(tab.table.rows, 'needle'),
    )
  })

  test('is written as the next dump, whatever the share that changed', async () => {
    const { world, tab } = await openWith({ a: { title: 'needle' } })
    await tab.search('x')
    await tab.view.checkpointNow(false)
    const before = await world.store.manifests()
    await tab.view.rebuild()
    await tab.view.checkpointNow(false)
    expect((await world.store.manifests()).at(-1)!.id).not.toBe(before.at(-1)!.id)
  })

  test('that meets another start of the table begins anew (V5)', async () => {
    const { tab } = await openWith({ a: { title: 'needle' } })
    const gate = gateScans(tab)
    const found = tab.keys('needle')
    await gate.reached
    tab.table.startOver(new Map([['A', { title: 'needle' }]]))
    gate.open()
    expect(await found).toEqual(['A'])
  })

  test('never puts an older state of a row over a newer one', async () => {
    const { world, tab } = await openWith({ a: { title: 'needle' } })
    const gate = gateScans(tab)
    const found = tab.keys('needle')
    await gate.reached
    await world.put('a', { title: 'straw' })
    await tab.table.follow()
    await pass(tab)
    gate.open()
    expect(await found).toEqual([])
    expect(await tab.keys('straw')).toEqual(['a'])
  })
})

describe('rows that are exchanged under a view', () => {
  const left = new HeadwaterError('CLOSED', 'The state was left.', { hint: 'Ask again.' })

  test('make a question in the middle one to ask again', async () => {
    const { tab } = await openWith({ a: { title: 'needle' } })
    tab.table.failing = { times: 1, error: left }
    await expect(tab.search('needle')).rejects.toMatchObject({ code: 'VIEW_REBUILDING' })
    expect(await tab.keys('needle')).toEqual(['a'])
    tab.table.failing = { times: 1, error: left }
    await expect(tab.search('needle')).rejects.toMatchObject({ code: 'VIEW_REBUILDING' })
  })

  test('and cannot be read yet, are tried until they can; meanwhile nothing new is claimed (V5, V6)', async () => {
    const { world, tab } = await openWith({ a: { title: 'needle' } })
    await tab.search('x')
    tab.table.failing = { times: 1, error: storageLost }
    tab.table.startOver(new Map([['z', { title: 'needle' }]]))
    await pass(tab)
    expect([tab.table.failing.times, statusOf(tab).state]).toEqual([0, 'live'])
    await world.put('b', { title: 'needle' })
    await tab.table.follow()
    await pass(tab)
    expect(tab.view.position).toBe(1)
    await pass(tab, 40_000)
    await pass(tab, 40_000)
    expect(tab.view.position).toBe(2)
    expect([...(await tab.keys('needle'))].sort()).toEqual(['b', 'z'])
  })
})

test('rows that start over again and again while they cannot be read are tried by one retry, not by one each', async () => {
  const { tab } = await openWith({ a: { title: 'needle' } })
  await tab.search('x')
  tab.table.failing = { times: 1_000, error: storageLost }
  for (let i = 0; i < 10; i++) {
    tab.table.startOver(new Map([['z', { title: 'needle' }]]))
    await pass(tab, 4)
  }
  const { reads } = tab.table
  for (let ms = 0; ms < 30_000; ms += 10) {
    await tab.scheduler.nextTurn()
    tab.scheduler.advance(10)
  }
  expect(tab.table.reads - reads).toBeGreaterThan(0)
  expect(tab.table.reads - reads).toBeLessThan(10)
})

describe('digests', () => {
  test('equal those of an index of the rows as they stand, whatever came before (V7)', async () => {
    const { world, tab } = await openWith({ a: { title: 'one two', body: 'two' }, b: { title: 'two' } })
    await tab.search('x')
    await tab.view.checkpointNow(true)
    await world.put('c', { title: 'three', tags: ['two', 'two'] })
    await world.put('a', { title: 'two one', body: 'two' })
    await world.remove('b')
    await tab.follow()
    const fresh = await world.openTab({ fingerprint: 'fresh' })
    const digests = await digestsOf(tab)
    expect([...digests]).toEqual([...(await digestsOf(fresh))])
    expect([...digests.keys()]).toEqual(['a', 'c'])
  })

  test('differ for other words, other fields and other counts', async () => {
    const { tab } = await openWith({
      a: { title: 'one two' },
      b: { title: 'one', body: 'two' },
      c: { title: 'one two two' },
      d: { title: 'one' },
      e: { title: 'two one' },
      f: { title: '' },
    })
    const digests = await digestsOf(tab)
    expect(new Set(digests.values()).size).toBe(5)
    expect(digests.get('a')).toBe(digests.get('e'))
  })
})

describe('closing', () => {
  test('is idempotent, and later questions fail by name', async () => {
    const { tab } = await openWith({ a: { title: 'needle' } })
    await tab.search('x')
    await tab.view.close()
    await tab.view.close()
    await expect(tab.search('needle')).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(tab.view.rebuild()).rejects.toMatchObject({ code: 'CLOSED' })
    await tab.view.checkpointNow(true)
    expect(statusOf(tab).state).toBe('live')
  })

  test('ends an index in the making and a dump being written', async () => {
    const { world, tab } = await openWith(
      Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, { title: 'needle' }])),
    )
    tab.table.isSlow = true
    const asked = tab.search('needle')
    await tab.view.close()
    await expect(asked).rejects.toMatchObject({ code: 'CLOSED' })

    const store = createFlakyStore(world.bases.open())
    const other = await world.openTab({ store })
    await other.search('x')
    let closed: Promise<void> | undefined
    store.beforeWrite = () => {
      closed ??= other.view.close()
    }
    await expect(other.view.checkpointNow(true)).rejects.toMatchObject({ code: 'CLOSED' })
    await closed
    expect(await world.store.manifests()).toEqual([])
  })

  test('an asker that goes away while an index is made leaves it to the others', async () => {
    const { tab } = await openWith({ a: { title: 'needle' } })
    tab.table.isSlow = true
    const gone = new AbortController()
    const request = { view: 'docSearch', method: 'search', args: ['needle'] }
    const [left, stayed] = [tab.view.answer(request, gone.signal), tab.search('needle')]
    gone.abort()
    await expect(left).rejects.toMatchObject({ code: 'ABORTED' })
    expect((await stayed).total).toBe(1)
    await expect(tab.view.answer(request, AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
