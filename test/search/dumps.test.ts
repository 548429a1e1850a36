// Dumps: when they are written, what they hold, and that nothing wrong comes of a crash, a damage, another tab or another
// build.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryLocks, type Locks } from '../../packages/views/src/locks.ts'
import { compact } from '../../packages/views/src/search/compaction.ts'
import { type DumpContent, encodeDump, parseDump } from '../../packages/views/src/search/dump-format.ts'
import { readDump } from '../../packages/views/src/search/dump-reader.ts'
import { writeParts } from '../../packages/views/src/search/dump-writer.ts'
import { createInvertedIndex } from '../../packages/views/src/search/inverted-index.ts'
import { searchLineage } from '../../packages/views/src/search/lineage.ts'
import type { BaseStore, StoredManifest } from '../../packages/views/src/state/base-store.ts'
import { createMemoryBaseStore } from '../../packages/views/src/state/memory-base-store.ts'
import { pinName } from '../../packages/views/src/state/pin.ts'
import { createSlices } from '../../packages/views/src/state/slice.ts'
import { createFlakyStore } from './flaky-store.ts'
import { naiveMatches } from './naive-search.ts'
import {
  createChance,
  createHandScheduler,
  createWorld,
  type Doc,
  drive,
  FIELD_NAMES,
  offset,
  PATIENT,
  type Tab,
  type World,
} from './world.ts'

const QUIET_MS = 2_100
const lineage = searchLineage('docs:1')

function doc(i: number): Doc {
  return { title: `document number${i}`, body: i % 2 === 0 ? 'even words here' : 'odd ones there' }
}

async function fill(world: World, count: number, from = 0): Promise<void> {
  await world.putAll(
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${from + i}`, doc(from + i)])),
  )
}

/** A world with so many documents, indexed and dumped by a tab that is gone. */
async function createDumped(count: number): Promise<World> {
  const world = createWorld()
  await fill(world, count)
  const tab = await world.openTab()
  await tab.search('x')
  await tab.view.checkpointNow(true)
  tab.crash()
  return world
}

async function expectExact(tab: Tab): Promise<void> {
  for (const text of ['document', 'even', 'odd one', 'number1', 'new']) {
    const found = await tab.search(text, { limit: 1_000 })
    expect(found.hits.map(({ key }) => key).sort()).toEqual(naiveMatches(tab.table.rows, text))
  }
}

describe('opening again', () => {
  test('reads the dump instead of the rows, and asks nothing of the store before the first search', async () => {
    const world = await createDumped(40)
    const store = createFlakyStore(world.bases.open())
    let pagesRead = 0
    store.beforeRead = () => void pagesRead++
    const tab = await world.openTab({ store })
    expect(pagesRead).toBe(0)
    expect(tab.view.status(tab.log.head)[0]).toMatchObject({
      state: 'live',
      unmade: true,
      skipped: 0,
      memoryBytes: 0,
      lag: 0,
      checkpoint: 40,
    })
    await expectExact(tab)
    expect([pagesRead > 0, tab.table.scans]).toEqual([true, 0])
  })

  test('catches up with what came after the checkpoint: changes, new rows, rows that are gone (V2)', async () => {
    const world = await createDumped(40)
    await world.put('k1', { title: 'new words' })
    await world.put('k99', { title: 'new document' })
    await world.remove('k2')
    const tab = await world.openTab()
    await expectExact(tab)
    expect(tab.table.scans).toBe(0)
    const fresh = await world.openTab({ fingerprint: 'other' })
    expect(await tab.search('document')).toEqual(await fresh.search('document'))
  })

  test('at every point of a run, restored and caught up, equals what was never closed (V2)', async () => {
    const world = createWorld()
    const steady = await world.openTab()
    await steady.search('x')
    const chance = createChance(7)
    for (let step = 0; step < 25; step++) {
      const key = `k${Math.floor(chance() * 8)}`
      await (chance() < 0.25 ? world.remove(key) : world.put(key, doc(Math.floor(chance() * 50))))
      await steady.follow()
      const passing = await world.openTab()
      expect(await passing.search('document odd', { combine: 'OR' })).toEqual(
        await steady.search('document odd', { combine: 'OR' }),
      )
      if (chance() < 0.5) await passing.view.checkpointNow(true)
      await passing.view.close()
    }
  })

  test('waits for a table that has not come as far as the dump: never ahead of it', async () => {
    const world = await createDumped(10)
    const slow = await world.openTab({ tableUpTo: offset(4) })
    let answered = false
    const answer = slow.search('document').then((found) => {
      answered = true
      return found
    })
    for (let i = 0; i < 5; i++) {
      await slow.scheduler.nextTurn()
      slow.scheduler.advance(20)
    }
    expect(answered).toBe(false)
    await slow.table.follow()
    await slow.scheduler.nextTurn()
    slow.scheduler.advance(20)
    expect((await answer).total).toBe(10)
    expect(slow.table.scans).toBe(0)
  })

  test('takes the rows where the table stopped short of the dump', async () => {
    const world = await createDumped(10)
    const tab = await world.openTab({ tableUpTo: offset(4) })
    tab.table.stopped = true
    expect((await tab.search('document')).total).toBe(4)
    expect(tab.view.status(tab.log.head)[0]!.state).toBe('stale')
  })

  test('takes the rows where the table was paused short of the dump: it answers from there', async () => {
    const world = await createDumped(10)
    const tab = await world.openTab({ tableUpTo: offset(4) })
    tab.table.paused = true
    const found = tab.search('document')
    for (let i = 0; i < 50; i++) {
      await tab.scheduler.nextTurn()
      tab.scheduler.advance(20)
    }
    tab.table.stopped = true // ends the wait of one that goes on waiting
    expect(tab.table.scans).toBeGreaterThan(0)
    expect((await found).total).toBe(4)
  })

  test('takes the rows where the table is of another generation (V5)', async () => {
    const world = await createDumped(10)
    const tab = await world.openTab({ generation: 2 })
    await expectExact(tab)
    expect(tab.table.scans).toBeGreaterThan(0)
  })

  test('with another fingerprint takes the rows, and leaves the other dump alone (V5)', async () => {
    const world = await createDumped(10)
    const tab = await world.openTab({ fingerprint: 'docs:2' })
    await expectExact(tab)
    await tab.view.checkpointNow(true)
    expect(await world.store.current(lineage)).toBeDefined()
    expect(await world.store.current(searchLineage('docs:2'))).toBeDefined()
  })
})

describe('a dump is written', () => {
  test('after two seconds of quiet, when there is none', async () => {
    const world = createWorld()
    await fill(world, 5)
    const tab = await world.openTab()
    await tab.search('x')
    expect(await world.store.current(lineage)).toBeUndefined()
    tab.scheduler.advance(QUIET_MS)
    await tab.view.checkpointNow(false)
    expect(tab.view.checkpoint).toBe(5)
  })

  test('again only when a tenth of the documents changed', async () => {
    const world = createWorld()
    await fill(world, 50)
    const store = createFlakyStore(world.bases.open())
    const tab = await world.openTab({ store })
    await tab.search('x')
    await tab.view.checkpointNow(false)
    await fill(world, 4, 100)
    await tab.follow()
    await tab.view.checkpointNow(false)
    expect(store.manifestsWritten).toBe(1)
    await world.remove('k0')
    await world.remove('k1')
    await tab.follow()
    await tab.view.checkpointNow(false)
    expect(store.manifestsWritten).toBe(2)
  })

  test('by no tab that has no index in memory, and not for no documents', async () => {
    const world = createWorld()
    const tab = await world.openTab()
    await tab.view.checkpointNow(true)
    await tab.search('x')
    await tab.view.checkpointNow(false)
    expect(await world.store.current(lineage)).toBeUndefined()
  })

  test('by one tab only, when several have the same', async () => {
    const world = createWorld()
    await fill(world, 30)
    const store = createFlakyStore(world.bases.open())
    const tabs = [
      await world.openTab({ store }),
      await world.openTab({ store }),
      await world.openTab({ store }),
    ]
    for (const tab of tabs) await tab.search('x')
    await Promise.all(tabs.map((tab) => tab.view.checkpointNow(false)))
    for (const tab of tabs) await tab.view.checkpointNow(false)
    expect(store.manifestsWritten).toBe(1)
  })

  test('and never over a newer one of another tab, whatever the locks say (V4)', async () => {
    const world = createWorld()
    await fill(world, 30)
    const store = createFlakyStore(world.bases.open())
    const one = await world.openTab({ store })
    await one.search('x')
    let other: Tab | undefined
    store.beforeWrite = async () => {
      if (other) return
      other = await world.openTab({ fingerprint: 'docs:1', locks: createMemoryLocks() })
      await other.search('x')
      await other.view.checkpointNow(true)
    }
    await one.view.checkpointNow(true)
    expect([store.manifestsWritten, (await world.store.manifests()).length]).toEqual([0, 1])
    await one.view.adopt()
    expect(one.view.checkpoint).toBe(30)
    await expectExact(one)
  })

  test('and not when the sweep came between: the next try stores it', async () => {
    const world = createWorld()
    await fill(world, 30)
    const store = createFlakyStore(world.bases.open())
    const tab = await world.openTab({ store })
    await tab.search('x')
    let swept = false
    store.beforeWrite = async () => {
      if (!swept) await store.raiseEpoch()
      swept = true
    }
    await tab.view.checkpointNow(true)
    expect(store.manifestsWritten).toBe(0)
    await tab.view.checkpointNow(true)
    expect(store.manifestsWritten).toBe(1)
    await expectExact(tab)
  })

  test('while its index stands still and answers', async () => {
    const world = createWorld()
    await fill(world, 200)
    const store = createFlakyStore(world.bases.open())
    const tab = await world.openTab({ store })
    await tab.search('x')
    store.beforeWrite = async () => {
      store.beforeWrite = () => undefined
      await world.put('k999', { title: 'new' })
      await tab.table.follow()
      await tab.scheduler.nextTurn()
      expect((await tab.search('document', { limit: 0 })).total).toBe(200)
      expect(tab.view.position).toBe(200)
    }
    await tab.view.checkpointNow(true)
    expect(tab.view.checkpoint).toBe(200)
    await tab.follow()
    expect(await tab.keys('new')).toEqual(['k999'])
    const next = await world.openTab()
    await expectExact(next)
  })
})

describe('what storage owes a dump beside its parts', () => {
  test.each(['epoch', 'putManifest'] as const)(
    'holds up no row of its index, and the dump is of the moment of its parts (%s, V4)',
    async (call) => {
      const world = createWorld()
      await fill(world, 20)
      const { store, asked, giveAnswer } = oweAnswer(world.bases.open(), call)
      const tab = await world.openTab({ store })
      await tab.search('x')
      const dumped = tab.view.checkpointNow(true)
      await asked
      await world.put('k0', { title: 'new' })
      await tab.follow()
      expect([tab.view.position, await tab.keys('new')]).toEqual([21, ['k0']])
      giveAnswer()
      await dumped
      expect(tab.view.checkpoint).toBe(call === 'epoch' ? 21 : 20)
      await expectExact(await world.openTab())
    },
  )
})

/** A store that does not answer one kind of call until it is told to. */
function oweAnswer(
  base: BaseStore,
  call: 'epoch' | 'putManifest',
): { readonly store: BaseStore; readonly asked: Promise<void>; readonly giveAnswer: () => void } {
  let giveAnswer = (): void => undefined
  let ask = (): void => undefined
  const answer = new Promise<void>((resolve) => {
    giveAnswer = resolve
  })
  const asked = new Promise<void>((resolve) => {
    ask = resolve
  })
  const owed = async <T>(is: typeof call, run: () => Promise<T>): Promise<T> => {
    if (is === call) {
      ask()
      await answer
    }
    return run()
  }
  const store: BaseStore = {
    ...base,
    epoch: () => owed('epoch', () => base.epoch()),
    putManifest: (draft) => owed('putManifest', () => base.putManifest(draft)),
  }
  return { store, asked, giveAnswer: () => giveAnswer() }
}

describe('what can happen to a dump', () => {
  test('a crash at any write leaves the dump before it, or the rows (V4)', async () => {
    const pagesOfADump = 3
    for (let writes = 0; writes <= pagesOfADump; writes++) {
      const world = await createDumped(20)
      const before = await world.store.current(lineage)
      await fill(world, 10, 20)
      const store = createFlakyStore(world.bases.open())
      const tab = await world.openTab({ store })
      await tab.search('x')
      store.writesLeft = writes
      await expect(tab.view.checkpointNow(true)).rejects.toMatchObject({ code: 'STORAGE_FULL' })
      expect(await world.store.current(lineage)).toEqual(before)
      await expectExact(tab)
      tab.crash()
      await expectExact(await world.openTab())
    }
  })

  test('a failed idle dump is tried again, later', async () => {
    const world = createWorld()
    await fill(world, 20)
    const store = createFlakyStore(world.bases.open())
    const tab = await world.openTab({ store })
    store.writesLeft = 0
    await tab.search('x')
    // A dump rests for a turn between its parts: enough turns for a whole one.
    const turns = async (): Promise<void> => {
      for (let i = 0; i < 200; i++) await tab.scheduler.nextTurn()
    }
    tab.scheduler.advance(QUIET_MS)
    await turns()
    store.writesLeft = 1_000
    tab.scheduler.advance(QUIET_MS)
    await turns()
    expect(store.manifestsWritten).toBe(0)
    tab.scheduler.advance(QUIET_MS)
    await turns()
    expect(store.manifestsWritten).toBe(1)
  })

  test('any part damaged, cut or gone: the rows are indexed instead, and the next dump replaces it (V4)', async () => {
    const damages: readonly ((text: string) => string | undefined)[] = [
      (text) => `${text.slice(0, 3)}x${text.slice(4)}`,
      (text) => text.slice(0, -1),
      () => '',
      () => undefined,
    ]
    for (let part = 0; part < 3; part++) {
      for (const damage of damages) {
        const world = await createDumped(20)
        const manifest = (await world.store.current(lineage))!
        const store = withDamage(world.bases.open(), manifest, part, damage)
        const tab = await world.openTab({ store })
        await expectExact(tab)
        expect(tab.table.scans).toBeGreaterThan(0)
        await tab.view.checkpointNow(false)
        const next = await world.openTab()
        await expectExact(next)
        expect(next.table.scans).toBe(0)
      }
    }
  })

  test('any letter of the manifest altered: it is not used (V4)', async () => {
    const world = await createDumped(3)
    const { text } = (await world.store.current(lineage))!
    const usable = parseDump(text, world.writer.id, FIELD_NAMES)
    expect(usable).toMatchObject({ checkpoint: 3, documents: 3, generation: 1 })
    for (let at = 0; at < text.length; at++) {
      const altered = `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`
      expect(parseDump(altered, world.writer.id, FIELD_NAMES)).toBeUndefined()
    }
    for (const cut of ['', ' ', text.slice(0, -5), 'null'])
      expect(parseDump(cut, world.writer.id, FIELD_NAMES)).toBeUndefined()
    expect(parseDump(text, world.writer.id, ['title', 'body'])).toBeUndefined()
    expect(parseDump(text, 'AAAAAAAAAAAAAAAA' as typeof world.writer.id, FIELD_NAMES)).toBeUndefined()
  })

  test('a store that cannot be read: the rows are indexed instead', async () => {
    const world = await createDumped(20)
    const store = createFlakyStore(world.bases.open())
    const tab = await world.openTab({ store })
    await store.close()
    await expectExact(tab)
    expect(tab.table.scans).toBeGreaterThan(0)
  })

  test('all bases deleted while the index answers: it goes on, and dumps again', async () => {
    const world = await createDumped(20)
    const tab = await world.openTab()
    await tab.search('x')
    world.bases.destroy()
    await expectExact(tab)
    await tab.view.checkpointNow(false)
    expect(await world.store.current(lineage)).toBeDefined()
  })

  test('swept between being found and being pinned: the newer one is read', async () => {
    const world = await createDumped(20)
    const found = (await world.store.current(searchLineage('docs:1')))!
    const locks: Locks = {
      ...world.locks,
      async shared(name, signal) {
        if (name === pinName('test', found.id)) {
          await fill(world, 5, 20)
          const other = await world.openTab()
          await other.search('x')
          await other.view.checkpointNow(true)
          await world.store.remove([found.id], found.pages)
        }
        return world.locks.shared(name, signal)
      },
    }
    const tab = await world.openTab({ locks })
    await drive(tab.scheduler, tab.search('x'), () => tab.table.follow())
    await expectExact(tab)
    expect([tab.table.scans, tab.view.checkpoint]).toEqual([0, 25])
  })

  test('it is pinned while it is read, so that no sweep takes it away', async () => {
    const world = await createDumped(20)
    const manifest = (await world.store.current(lineage))!
    const name = pinName('test', manifest.id)
    const store = createFlakyStore(world.bases.open())
    const tab = await world.openTab({ store })
    let free: unknown = 'not asked'
    store.beforeRead = async () => {
      free = await world.locks.exclusiveIfFree(name)
    }
    await tab.search('x')
    expect(free).toBeUndefined()
    const hold = await world.locks.exclusiveIfFree(name)
    expect(hold).toBeDefined()
    hold!.release()
  })
})

describe('the parts of a dump', () => {
  test('hold any index exactly', PATIENT, async () => {
    const texts = fc
      .array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 6 })
      .map((words) => words.join(' '))
    const rows = fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary', maxLength: 6 }), texts, texts), {
      selector: ([key]) => key,
    })
    const property = fc.asyncProperty(rows, fc.array(fc.nat()), async (all, gone) => {
      const index = createInvertedIndex(2)
      for (const [key, left, right] of all) index.put(key, [left, right])
      for (const at of gone) if (all.length > 0) index.remove(all[at % all.length]![0])
      const { content, read } = await roundTrip(index, ['a', 'b'])
      expect(read).toBeDefined()
      expect([...read!.terms]).toEqual([...index.terms])
      expect(read!.documents).toEqual(index.documents)
      expect([content.terms, content.documents]).toEqual([read!.terms.size, read!.documents.living])
    })
    await fc.assert(property, { seed: 20_240_604, numRuns: 100 })
  })

  test('are at most 1 MiB, also where one term is in very many documents', PATIENT, async () => {
    const index = createInvertedIndex(1)
    for (let i = 0; i < 150_000; i++)
      index.put(`document-with-a-long-key-${i}`, [i % 3 === 0 ? 'x x y' : 'x'])
    const store = createMemoryBaseStore()
    const { content, read } = await roundTrip(index, ['a'], store)
    for (const { page } of content.parts) {
      const [text] = await store.getPages([page])
      expect(text!.length).toBeLessThanOrEqual(1_048_576 / 2)
    }
    expect(content.parts.filter(({ kind }) => kind === 'p').length).toBeGreaterThan(1)
    expect(read!.terms.get('x')!.packed).toHaveLength(150_000 * 2)
    expect(read!.documents.totals).toEqual([200_000])
  })
})

async function roundTrip(
  index: ReturnType<typeof createInvertedIndex>,
  fields: readonly string[],
  store: BaseStore = createMemoryBaseStore(),
) {
  const scheduler = createHandScheduler(0.01)
  const goOn = (): void => undefined
  await compact(index, createSlices(scheduler), goOn)
  const content: DumpContent = {
    logId: 'AAAAAAAAAAAAAAAA' as DumpContent['logId'],
    generation: 1,
    checkpoint: offset(1),
    fields,
    documents: index.documents.living,
    terms: index.terms.size,
    ...(await writeParts(store, index, createSlices(scheduler), goOn)),
  }
  const parsed = parseDump(encodeDump(content), content.logId, fields)
  expect(parsed).toEqual(content)
  return { content, read: await readDump(store, content, createSlices(scheduler), goOn) }
}

function withDamage(
  store: BaseStore,
  manifest: StoredManifest,
  part: number,
  damage: (text: string) => string | undefined,
): BaseStore {
  return {
    ...store,
    async getPages(ids) {
      const texts = await store.getPages(ids)
      return texts.map((text, i) =>
        ids[i] === manifest.pages[part] && text !== undefined ? damage(text) : text,
      )
    },
  }
}
