// Search among the other views: over a real table, fed by the dispatcher, verified, rebuilt, opened again.

import {
  createEventRegistry,
  createMemoryStore,
  defineEvent,
  type Log,
  openMemoryLog,
  type Sequence,
} from '@headwater/log'
import {
  createMemoryBaseStore,
  createMemoryLocks,
  createViews,
  type Locks,
  type SearchDefinition,
  table,
  type Views,
} from '@headwater/views'
import { search } from '@headwater/views/search'
import * as v from 'valibot'
import { afterEach, describe, expect, test } from 'vitest'
import type { BaseStore } from '../../packages/views/src/state/base-store.ts'
import { createRandom } from '../log/world.ts'
import { scheduler } from '../state/world.ts'
import { createFlakyStore } from './flaky-store.ts'
import { PATIENT } from './world.ts'

interface Note {
  readonly title: string
  readonly body: string
}

const Written = defineEvent('written', {
  schema: v.object({ id: v.string(), title: v.string(), body: v.string() }),
  key: (data) => data.id,
})
const Dropped = defineEvent('dropped', { schema: v.object({ id: v.string() }), key: (data) => data.id })
const notes = table<Note>('notes')
  .on(Written, (_row, { data: { title, body } }) => ({ title, body }))
  .on(Dropped, () => undefined)
const noteSearch: SearchDefinition = search('noteSearch', notes, { fields: { title: 2, body: 1 } })

const open: Views[] = []
afterEach(async () => {
  for (const views of open.splice(0)) await views.close()
})

interface World {
  readonly log: Log
  readonly store: BaseStore
  readonly locks: Locks
  write(from: number, to: number): Promise<void>
  openViews(store?: BaseStore): Promise<Views>
}

function createWorld(): World {
  const random = createRandom(5)
  const clock = { now: () => 1_750_000_000_000 }
  const events = createEventRegistry([Written, Dropped])
  const log = openMemoryLog(createMemoryStore(random), { events, clock, random })
  const [store, locks] = [createMemoryBaseStore(), createMemoryLocks()]
  return {
    log,
    store,
    locks,
    async write(from, to) {
      const ids = Array.from({ length: to - from }, (_, i) => from + i)
      await log.append(
        ids.map((i) => Written({ id: `n${i}`, title: `note number${i}`, body: `the body of ${i % 7}` })),
      )
    },
    async openViews(base = store) {
      const views = createViews({
        log,
        definitions: [notes, noteSearch],
        store: base,
        locks,
        scheduler,
        clock,
        lockScope: 'at-work',
      })
      open.push(views)
      await views.start()
      views.setLeader(true)
      return views
    },
  }
}

async function ask(views: Views, text: string, atLeast?: Log['head']): Promise<readonly string[]> {
  const request = { view: 'noteSearch', method: 'search', args: [text, { limit: 1_000 }] }
  const { value } = await views.query(request, atLeast === undefined ? {} : { atLeast })
  return (value as { hits: { key: string }[] }).hits.map(({ key }) => key)
}

describe('a search index among other views', () => {
  test('answers from the receipt on (D1), and tells of each change', PATIENT, async () => {
    const world = createWorld()
    await world.write(0, 50)
    const views = await world.openViews()
    expect(await ask(views, 'number7')).toEqual(['n7'])
    let told = 0
    views.onChanges(({ view }) => {
      if (view === 'noteSearch') told++
    })
    const { offset } = await world.log.append([Written({ id: 'new', title: 'number7 again', body: '' })])
    expect([...(await ask(views, 'number7', offset))].sort()).toEqual(['n7', 'new'])
    expect(told).toBeGreaterThan(0)
    const dropped = await world.log.append([Dropped({ id: 'n7' })])
    expect(await ask(views, 'number7', dropped.offset)).toEqual(['new'])
  })

  test(
    'says that it is not made yet, then how the making goes on, then that it follows',
    PATIENT,
    async () => {
      const world = createWorld()
      await world.write(0, 600)
      const views = await world.openViews()
      await views.query({ view: 'notes', method: 'count', args: [] })
      const status = () => views.status().find(({ name }) => name === 'noteSearch')!
      await expect.poll(() => status()).toMatchObject({ state: 'live', unmade: true, lag: 0 })
      const told: string[] = []
      views.onStatus(() => told.push(status().state))
      await ask(views, 'note')
      expect([told.includes('rebuilding'), told.at(-1)]).toEqual([true, 'live'])
      expect(status()).not.toHaveProperty('unmade')
    },
  )

  test('is verified equal to what the log says (V7), and after a rebuild again', PATIENT, async () => {
    const world = createWorld()
    await world.write(0, 300)
    const views = await world.openViews()
    await ask(views, 'note')
    const { offset } = await world.log.append([Dropped({ id: 'n3' }), Dropped({ id: 'n4' })])
    await ask(views, 'note', offset)
    expect(await views.verify('noteSearch')).toMatchObject({ equal: true, entries: 298 })
    await views.rebuild('noteSearch')
    await views.rebuild('notes')
    expect(await ask(views, 'note', world.log.head)).toHaveLength(298)
    expect(await views.verify('noteSearch')).toMatchObject({ equal: true, entries: 298 })
  })

  test('opened again reads what was stored of the index, not the rows (V2)', PATIENT, async () => {
    const world = createWorld()
    for (let from = 0; from < 12_000; from += 3_000) await world.write(from, from + 3_000)
    const first = await world.openViews()
    await ask(first, 'number7')
    await first.checkpoint()
    await first.close()
    const read: string[] = []
    const again = await world.openViews({
      ...world.store,
      getPages: async (ids) => {
        const pages = await world.store.getPages(ids)
        read.push(...pages.filter((page): page is string => page?.includes('"title":"note') ?? false))
        return pages
      },
    })
    expect(await ask(again, 'number11999')).toEqual(['n11999'])
    expect(read).toHaveLength(1)
  })

  test('opened again answers alike, from what was stored and what came since (V2)', PATIENT, async () => {
    const world = createWorld()
    await world.write(0, 300)
    const first = await world.openViews()
    await ask(first, 'note')
    await first.checkpoint()
    await first.close()
    await world.write(300, 310)
    const store = createFlakyStore(world.store)
    const again = await world.openViews(store)
    expect(await ask(again, 'note', world.log.head)).toHaveLength(310)
    expect(again.status().find(({ name }) => name === 'noteSearch')).toMatchObject({
      state: 'live',
      position: 310,
      checkpoint: 300,
    })
    expect(await again.verify('noteSearch')).toMatchObject({ equal: true, entries: 310 })
  })

  test('opened again it forgets rows whose events fell since (V2)', PATIENT, async () => {
    const world = createWorld()
    await world.write(0, 3)
    const first = await world.openViews()
    expect(await ask(first, 'note')).toHaveLength(3)
    await first.checkpoint()
    await first.close()
    await world.log.setAside(world.log.replica, 0 as Sequence)
    const again = await world.openViews()
    expect(await ask(again, 'note', world.log.head)).toEqual([])
    expect(await again.verify('noteSearch')).toMatchObject({ equal: true, entries: 0 })
  })
})
