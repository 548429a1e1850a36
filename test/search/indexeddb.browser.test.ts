// The search index in Chromium, its dumps in IndexedDB: what one tab has stored, another reads, catches up with and answers
// from alike.

import type { Scheduler } from '@headwater/log'
import { afterEach, describe, expect, test } from 'vitest'
import {
  destroyIndexedDbBaseStore,
  openIndexedDbBaseStore,
} from '../../packages/views/src/indexeddb/base-store.ts'
import type { BaseStore } from '../../packages/views/src/state/base-store.ts'
import { nextTask } from '../next-task.ts'
import { naiveMatches } from './naive-search.ts'
import { createChance, createWorld, type Doc, PATIENT, type World } from './world.ts'

const scheduler: Scheduler = {
  elapsedMs: () => performance.now(),
  nextTurn: nextTask,
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

const opened: BaseStore[] = []
const names = new Set<string>()

async function openStore(name: string): Promise<BaseStore> {
  names.add(name)
  const store = await openIndexedDbBaseStore({ name, scheduler, clock: { now: () => Date.now() } })
  opened.push(store)
  return store
}

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
  for (const name of names) await destroyIndexedDbBaseStore({ name, scheduler })
  names.clear()
})

function createDocs(count: number): Readonly<Record<string, Doc>> {
  const chance = createChance(11)
  const word = (): string => `w${Math.floor(chance() ** 3 * 900)}`
  const text = (words: number): string => Array.from({ length: words }, word).join(' ')
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`k${i}`, { title: text(5), body: text(20) }]),
  )
}

async function createFilled(count: number): Promise<World> {
  const world = createWorld()
  await world.putAll(createDocs(count))
  return world
}

describe('dumps in IndexedDB', () => {
  test('are read by another tab, which answers alike and as the rows say (V2, V4)', PATIENT, async () => {
    const name = `search-${crypto.randomUUID()}`
    const world = await createFilled(3_000)
    const one = await world.openTab({ store: await openStore(name) })
    await one.search('w1')
    await one.view.checkpointNow(true)
    expect(one.view.checkpoint).toBe(3_000)
    await world.put('k7', { title: 'Größe w1' })
    await world.remove('k8')
    const other = await world.openTab({ store: await openStore(name) })
    await one.follow()
    for (const text of ['w1', 'w1 w2', 'grosse', 'w33']) {
      const found = await other.search(text, { limit: 5_000 })
      expect(found.hits.map(({ key }) => key).sort()).toEqual(naiveMatches(other.table.rows, text))
      expect(await one.search(text, { limit: 5_000 })).toEqual(found)
    }
    expect(other.table.scans).toBe(0)
    for (const tab of [one, other]) await tab.view.close()
  })

  test('deleted while open cost nothing but time', PATIENT, async () => {
    const name = `search-${crypto.randomUUID()}`
    const world = await createFilled(300)
    const store = await openStore(name)
    const one = await world.openTab({ store })
    await one.search('w1')
    await one.view.checkpointNow(true)
    await destroyIndexedDbBaseStore({ name, scheduler })
    expect(await one.keys('w1', { limit: 500 })).toHaveLength(naiveMatches(one.table.rows, 'w1').length)
    const other = await world.openTab({ store: await openStore(name) })
    expect(await other.search('w1')).toEqual(await one.search('w1'))
    for (const tab of [one, other]) await tab.view.close()
  })
})
