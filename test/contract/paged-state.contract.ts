// What an open state owes on any base store (see `state/paged-state.ts`, `state/open-state.ts`, `state/sweep.ts`).

import { isHeadwaterError, type Json, type Offset } from '@headwater/log'
import { describe, expect, test } from 'vitest'
import { isBaseLost } from '../../packages/views/src/state/base-lost.ts'
import type { BaseStore, PageId } from '../../packages/views/src/state/base-store.ts'
import type { OpenState } from '../../packages/views/src/state/open-state.ts'
import { createPageCache } from '../../packages/views/src/state/page-cache.ts'
import { sweep } from '../../packages/views/src/state/sweep.ts'
import { createWorld, entriesOf, OTHER_LOG_ID, type World } from '../state/world.ts'
import type { Bases } from './base-store.contract.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export function pagedStateContract(name: string, create: () => Promise<Bases>): void {
  describe(`paged state: ${name}`, () => {
    const newWorld = async (): Promise<World & { readonly bases: Bases }> => {
      const bases = await create()
      return { ...createWorld(await bases.open()), bases }
    }

    test('a state opened from its checkpoint and folded on equals one that was never closed (V2)', async () => {
      const world = await newWorld()
      const kept = await world.open({ lineage: 'kept' })
      let state = await world.open()
      for (let offset = 1; offset <= 60; offset++) {
        for (const target of [kept, state])
          put(target, `k${offset % 17}`, offset % 7 === 0 ? undefined : offset, offset)
        if (offset % 9 !== 0) continue
        expect(await state.checkpointAt(offset as Offset, offset)).toBe('stored')
        state.close()
        state = await world.open()
        expect([state.checkpoint, state.meta]).toEqual([offset, offset])
        expect(await entriesOf(state, 'rows')).toEqual(await entriesOf(kept, 'rows'))
      }
    })

    test('nothing is stored when nothing is new; a position alone is', async () => {
      const world = await newWorld()
      const state = await world.open()
      expect(await state.checkpointAt(0 as Offset, null)).toBe('nothing-new')
      expect(await state.checkpointAt(5 as Offset, null)).toBe('stored')
      expect(await state.checkpointAt(5 as Offset, null)).toBe('nothing-new')
      expect((await world.open()).checkpoint).toBe(5)
    })

    test('a checkpoint holds what was written before its call, and what comes later stays in memory (V4)', async () => {
      const world = await newWorld()
      const state = await world.open()
      put(state, 'a', 1, 1)
      const storing = [state.checkpointAt(1 as Offset, null)]
      put(state, 'a', 2, 2)
      storing.push(state.checkpointAt(2 as Offset, null))
      put(state, 'b', 3, 3)
      state.clear('other')
      expect(await entriesOf(state, 'rows')).toEqual([
        ['a', 2],
        ['b', 3],
      ])
      expect(await Promise.all(storing)).toEqual(['stored', 'stored'])
      const manifests = await world.store.manifests()
      expect(manifests).toHaveLength(2)
      expect(await entriesOf(await world.open(), 'rows')).toEqual([['a', 2]])
      expect(await entriesOf(state, 'rows')).toEqual([
        ['a', 2],
        ['b', 3],
      ])
    })

    test('only touched pages are written again; empty ones vanish and small ones merge', async () => {
      const world = await newWorld()
      const state = await world.open()
      for (let i = 0; i < 3000; i++) put(state, `k${1000 + i}`, i, i + 1)
      await state.checkpointAt(3000 as Offset, null)
      const before = (await world.store.manifests()).at(-1)!.pages
      expect(before.length).toBe(6)
      put(state, 'k1000', 'changed', 3001)
      await state.checkpointAt(3001 as Offset, null)
      const after = (await world.store.manifests()).at(-1)!.pages
      expect(after.filter((id) => !before.includes(id))).toHaveLength(1)
      for (let i = 10; i < 2990; i++) put(state, `k${1000 + i}`, undefined, 4000)
      await state.checkpointAt(4000 as Offset, null)
      expect((await world.store.manifests()).at(-1)!.pages).toHaveLength(1)
      expect(await state.read((reader) => reader.count('rows', {}))).toBe(20)
      for (let i = 0; i < 3000; i++) put(state, `k${1000 + i}`, undefined, 5000)
      await state.checkpointAt(5000 as Offset, null)
      expect((await world.store.manifests()).at(-1)!.pages).toHaveLength(0)
      expect([...(await world.open()).baseMaps]).toEqual(['rows'])
    })

    test('adopting drops what the other base holds, and keeps what came later', async () => {
      const world = await newWorld()
      const [a, b] = [await world.open(), await world.open()]
      for (const state of [a, b]) for (let i = 1; i <= 10; i++) put(state, `k${i}`, i, i)
      expect(await a.checkpointAt(10 as Offset, null)).toBe('stored')
      put(b, 'k1', 'later', 11)
      const before = b.overlayBytes
      expect(await b.checkpointAt(11 as Offset, null)).toBe('superseded')
      expect(await b.adopt(11 as Offset)).toBe('swapped')
      expect(b.overlayBytes).toBeLessThan(before)
      expect(await b.read((reader) => [reader.get('rows', 'k1'), reader.get('rows', 'k2')])).toEqual([
        'later',
        2,
      ])
      expect(await b.adopt(11 as Offset)).toBe('nothing-new')
      expect(await b.checkpointAt(11 as Offset, null)).toBe('stored')
      expect(await a.adopt(10 as Offset)).toBe('jumped')
      expect([a.checkpoint, a.overlayBytes]).toEqual([11, 0])
    })

    test('a base of another generation is adopted with nothing of the old overlay (V5)', async () => {
      const world = await newWorld()
      const [a, b] = [await world.open(), await world.open()]
      for (const state of [a, b]) put(state, 'k', 'old', 1)
      await a.checkpointAt(1 as Offset, null)
      await b.adopt(1 as Offset)
      put(b, 'extra', 'old', 2)
      const side = a.nextGeneration()
      put(side, 'k', 'new', 1)
      expect(await side.checkpointAt(1 as Offset, null)).toBe('stored')
      expect(await b.adopt(2 as Offset)).toBe('nothing-new')
      expect(await (await world.open()).read((reader) => reader.get('rows', 'k'))).toBe('old')
      expect(await side.publish(1 as Offset, 'new')).toBe('stored')
      expect(side.generation).toBe(2)
      const seen: string[] = []
      expect(await b.adopt(2 as Offset, (adoption) => seen.push(`${adoption} ${b.checkpoint}`))).toBe(
        'jumped',
      )
      expect(seen).toEqual(['jumped 1'])
      expect(await entriesOf(b, 'rows')).toEqual([['k', 'new']])
      put(a, 'late', 'old', 3)
      expect(await a.checkpointAt(3 as Offset, null)).toBe('superseded')
      put(side, 'on', 'new', 4)
      expect(await side.checkpointAt(4 as Offset, null)).toBe('stored')
      expect((await world.open()).generation).toBe(2)
    })

    test('of two rebuilds at once each publishes a generation of its own (V5)', async () => {
      const world = await newWorld()
      const [a, b] = [(await world.open()).nextGeneration(), (await world.open()).nextGeneration()]
      for (const state of [a, b]) {
        put(state, 'k', 1, 1)
        await state.checkpointAt(1 as Offset, null)
      }
      expect(await a.publish(1 as Offset, null)).toBe('stored')
      expect(await b.publish(1 as Offset, null)).toBe('stored')
      expect([a.generation, b.generation]).toEqual([2, 3])
      expect(await a.adopt(1 as Offset)).toBe('jumped')
    })

    test('a cleared map answers from what is written since, through checkpoints and adoptions', async () => {
      const world = await newWorld()
      const [a, b] = [await world.open(), await world.open()]
      put(a, 'old', 1, 1)
      await a.checkpointAt(1 as Offset, null)
      await b.adopt(1 as Offset)
      b.clear('rows')
      expect(await entriesOf(b, 'rows')).toEqual([])
      put(b, 'new', 2, 2)
      put(a, 'old', 2, 2)
      await a.checkpointAt(2 as Offset, null)
      expect(await b.adopt(2 as Offset)).toBe('swapped')
      expect(await b.read((reader) => [reader.count('rows', {}), reader.get('rows', 'old')])).toEqual([
        1,
        undefined,
      ])
      expect(await b.checkpointAt(3 as Offset, null)).toBe('stored')
      expect(await entriesOf(await world.open(), 'rows')).toEqual([['new', 2]])
    })

    test('a new lineage takes over the maps that it shares with its family, and their pages stay', async () => {
      const world = await newWorld()
      const old = await world.open({ lineage: 'old' })
      put(old, 'k', 1, 1)
      old.write('index', 'i', 'k', 1 as Offset, 10)
      await old.checkpointAt(7 as Offset, { seven: 7 })
      const fresh = await world.open({ lineage: 'new', reuse: (map) => map === 'rows' })
      expect([fresh.checkpoint, fresh.meta, [...fresh.baseMaps]]).toEqual([7, { seven: 7 }, ['rows']])
      put(old, 'k', 'newer', 8)
      await old.checkpointAt(8 as Offset, null)
      await sweep({ ...world, lockScope: 'test' })
      expect(await entriesOf(fresh, 'rows')).toEqual([['k', 1]])
      expect(await fresh.adopt(7 as Offset)).toBe('nothing-new')
      fresh.write('index2', 'i', 'k', 7 as Offset, 10)
      expect(await fresh.checkpointAt(7 as Offset, null)).toBe('stored')
      expect([...(await world.open({ lineage: 'new' })).baseMaps]).toEqual(['rows', 'index2'])
      expect((await world.open({ lineage: 'third', reuse: () => false })).hasBase).toBe(false)
      expect((await world.open({ lineage: 'third', family: 'other' })).hasBase).toBe(false)
    })

    test('a base of another log, or one that cannot be read, is never used, and is replaced', async () => {
      const world = await newWorld()
      const state = await world.open()
      put(state, 'k', 1, 1)
      await state.checkpointAt(1 as Offset, null)
      const other = await world.open({ logId: OTHER_LOG_ID })
      expect([other.checkpoint, await entriesOf(other, 'rows')]).toEqual([0, []])
      for (const text of ['', '{', '{}', '{"format":99}', '[]', 'null']) {
        const replaces = (await world.store.current('lineage'))!.id
        const draft = {
          lineage: 'lineage',
          family: 'family',
          storedAt: 1,
          pages: [],
          epoch: await world.store.epoch(),
        }
        await world.store.putManifest({ ...draft, text, replaces })
        const started = await world.open()
        expect([started.checkpoint, started.hasBase]).toEqual([0, false])
        put(started, 'k', 2, 1)
        expect(await started.checkpointAt(1 as Offset, null)).toBe('stored')
        expect(await entriesOf(await world.open(), 'rows')).toEqual([['k', 2]])
      }
    })

    test('a page that is missing is the end of the base, never an answer; the next generation takes over', async () => {
      const world = await newWorld()
      const state = await world.open({ cache: createPageCache(0) })
      put(state, 'k', 1, 1)
      await state.checkpointAt(1 as Offset, null)
      await world.store.remove([], await world.store.pageIds())
      const refused = await refusal(state.read((reader) => reader.get('rows', 'k')))
      expect([isBaseLost(refused), isHeadwaterError(refused, 'STORAGE_LOST')]).toEqual([true, true])
      put(state, 'l', 1, 2)
      expect(isBaseLost(await refusal(state.checkpointAt(2 as Offset, null)))).toBe(true)
      const next = state.nextGeneration()
      put(next, 'k', 1, 1)
      expect(await next.publish(1 as Offset, null)).toBe('stored')
      expect(await entriesOf(await world.open(), 'rows')).toEqual([['k', 1]])
    })

    test('the database of the bases deleted while open: reads, checkpoints and adoptions say so (V4)', async () => {
      const world = await newWorld()
      const state = await world.open({ cache: createPageCache(0) })
      put(state, 'k', 1, 1)
      await state.checkpointAt(1 as Offset, null)
      await world.bases.destroy()
      expect(isBaseLost(await refusal(state.read((reader) => reader.get('rows', 'k'))))).toBe(true)
      expect(isBaseLost(await refusal(state.checkpointAt(2 as Offset, null)))).toBe(true)
      expect(isBaseLost(await refusal(state.adopt(2 as Offset)))).toBe(true)
      const other = await world.open()
      expect(other.hasBase).toBe(false)
      put(other, 'j', 1, 1)
      expect(await other.checkpointAt(1 as Offset, null)).toBe('stored')
      put(state, 'later', 1, 5)
      expect(await state.adopt(5 as Offset)).toBe('swapped')
      expect(await other.adopt(1 as Offset)).toBe('nothing-new')
    })

    test('an older base of the same generation is a new start: the overlay lacks what lies between', async () => {
      const world = await newWorld()
      const ahead = await world.open()
      for (let offset = 1; offset <= 10; offset++) put(ahead, `k${offset}`, offset, offset)
      await ahead.checkpointAt(10 as Offset, null)
      await world.bases.destroy()
      const behind = await world.open()
      for (let offset = 1; offset <= 5; offset++) put(behind, `k${offset}`, offset, offset)
      await behind.checkpointAt(5 as Offset, null)
      expect(await ahead.adopt(10 as Offset)).toBe('jumped')
      expect([ahead.checkpoint, (await entriesOf(ahead, 'rows')).length]).toEqual([5, 5])
    })

    test('the sweep takes what nobody can use, and nothing that is pinned', async () => {
      const world = await newWorld()
      const [writer, reader] = [await world.open(), await world.open({ cache: createPageCache(0) })]
      put(writer, 'k', 1, 1)
      await writer.checkpointAt(1 as Offset, null)
      await reader.adopt(1 as Offset)
      put(writer, 'k', 2, 2)
      await writer.checkpointAt(2 as Offset, null)
      const side = writer.nextGeneration()
      put(side, 's', 1, 1)
      await side.checkpointAt(1 as Offset, null)
      const options = { ...world, lockScope: 'test' }
      expect(await sweep(options)).toEqual({ manifests: 0, pages: 0 })
      expect(await entriesOf(reader, 'rows')).toEqual([['k', 1]])
      reader.close()
      side.close()
      expect(await sweep(options)).toEqual({ manifests: 2, pages: 2 })
      world.clock.nowMs += 8 * DAY_MS
      expect(await sweep(options)).toEqual({ manifests: 0, pages: 0 })
      writer.close()
      expect(await sweep({ ...options, inUse: new Set(['lineage']) })).toEqual({ manifests: 0, pages: 0 })
      expect(await sweep(options)).toEqual({ manifests: 1, pages: 1 })
    })

    test('a checkpoint under way when the sweep comes is answered `swept`, and succeeds when made again (V4)', async () => {
      const { store, bases } = await newWorld()
      const world = createWorld(sweepBeforeManifest(store))
      const state = await world.open()
      put(state, 'k', 1, 1)
      expect(await state.checkpointAt(1 as Offset, null)).toBe('swept')
      expect(await entriesOf(state, 'rows')).toEqual([['k', 1]])
      const again = await createWorld(await bases.open(), world.locks).open()
      put(again, 'k', 1, 1)
      expect(await again.checkpointAt(1 as Offset, null)).toBe('stored')
    })

    test('a read whose pages are swept under it after a swap answers from the new base (V4)', async () => {
      const world = await newWorld()
      const writer = await world.open()
      put(writer, 'k', 1, 1)
      await writer.checkpointAt(1 as Offset, null)
      const gate = createGate()
      const gated = {
        ...world.store,
        getPages: (ids: readonly PageId[]) => gate.pass(() => world.store.getPages(ids)),
      }
      const reader = await createWorld(gated, world.locks).open({ cache: createPageCache(0) })
      const reading = reader.read((pages) => pages.get('rows', 'k'))
      put(writer, 'k', 2, 2)
      await writer.checkpointAt(2 as Offset, null)
      expect(await reader.adopt(2 as Offset)).toBe('swapped')
      expect(await sweep({ ...world, lockScope: 'test' })).toEqual({ manifests: 1, pages: 1 })
      gate.open()
      expect(await reading).toBe(2)
    })

    test('a checkpoint that waits behind a jump stores nothing, and its changes are gone with the jump (V4)', async () => {
      const world = await newWorld()
      const [ahead, behind] = [await world.open(), await world.open()]
      put(behind, 'stray', 1, 1)
      put(ahead, 'k', 1, 5)
      await ahead.checkpointAt(5 as Offset, null)
      const jump = behind.adopt(1 as Offset)
      const late = behind.checkpointAt(1 as Offset, null)
      expect(await Promise.all([jump, late])).toEqual(['jumped', 'superseded'])
      expect([behind.checkpoint, behind.overlayBytes, await entriesOf(behind, 'rows')]).toEqual([
        5,
        0,
        [['k', 1]],
      ])
    })

    test('a checkpoint never goes back behind the base', async () => {
      const world = await newWorld()
      const state = await world.open()
      put(state, 'k', 1, 5)
      await state.checkpointAt(5 as Offset, null)
      expect(await state.checkpointAt(4 as Offset, null)).toBe('superseded')
      expect((await world.open()).checkpoint).toBe(5)
    })

    test('closed, a state answers by name', async () => {
      const world = await newWorld()
      const state = await world.open()
      state.close()
      state.close()
      expect(() => state.read(() => 1)).toThrow(/closed/)
      expect(isHeadwaterError(await refusal(state.checkpointAt(1 as Offset, null)), 'CLOSED')).toBe(true)
    })

    test('keys and values come back exactly: lone surrogates, `__proto__`, deep nesting, long keys', async () => {
      const world = await newWorld()
      const state = await world.open()
      let deep: Json = 1
      for (let i = 0; i < 10_000; i++) deep = [deep]
      const keys = ['', '\u0000', '\ud800', '__proto__', 'x'.repeat(5000), '\uffff']
      const values: readonly Json[] = [
        '\udfff',
        JSON.parse('{"__proto__":{"a":1},"b":[]}') as Json,
        deep,
        null,
        false,
        0.1,
      ]
      for (const [i, key] of keys.entries()) put(state, key, values[i], i + 1)
      await state.checkpointAt(6 as Offset, null)
      const again = await entriesOf(await world.open(), 'rows')
      expect(again.map(([key]) => key)).toEqual([...keys].sort())
      const byKey = new Map(again)
      for (const [i, key] of keys.entries())
        if (values[i] !== deep) expect(byKey.get(key)).toStrictEqual(values[i])
      let steps = 0
      for (let at = byKey.get('\ud800'); Array.isArray(at); at = at[0]) steps++
      expect(steps).toBe(10_000)
      expect(Object.isFrozen(byKey.get('\u0000'))).toBe(true)
    })
  })
}

function put(state: OpenState, key: string, value: Json | undefined, offset: number): void {
  state.write('rows', key, value, offset as Offset, 20)
}

/** Holds calls back until it is opened. */
function createGate(): { pass<T>(call: () => Promise<T>): Promise<T>; open(): void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { pass: (call) => opened.then(call), open: () => open() }
}

async function refusal(outcome: unknown): Promise<unknown> {
  try {
    await outcome
  } catch (error) {
    return error
  }
  return undefined
}

function sweepBeforeManifest(store: BaseStore): BaseStore {
  return {
    ...store,
    async putManifest(draft) {
      await sweep({ ...createWorld(store), lockScope: 'test' })
      return store.putManifest(draft)
    },
  }
}
