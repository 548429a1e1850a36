// What every base store owes (see `state/base-store.ts`). `openTwo` gives two handles on one fresh store.

import { isHeadwaterError } from '@headwater/log'
import { afterEach, describe, expect, test } from 'vitest'
import type { BaseStore, ManifestDraft, PageId } from '../../packages/views/src/state/base-store.ts'

export interface Bases {
  open(): Promise<BaseStore>
  /** Deletes everything, whoever has it open. */
  destroy(): Promise<void>
}

export function baseStoreContract(name: string, create: () => Promise<Bases>): void {
  describe(`base store: ${name}`, () => {
    const opened: BaseStore[] = []
    const openOn = async (bases: Bases): Promise<BaseStore> => {
      const store = await bases.open()
      opened.push(store)
      return store
    }
    const open = async (): Promise<BaseStore> => openOn(await create())
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((store) => store.close()))
    })

    test('pages come back as they were, in the order asked for, with nothing for one that is gone', async () => {
      const store = await open()
      const texts = ['[]', '', 'ä\u0000\ud800\uffff', 'x'.repeat(70_000)]
      const ids = await store.putPages(texts)
      expect(ids).toEqual([...ids].sort((a, b) => a - b))
      expect(await store.getPages([...ids].reverse())).toEqual([...texts].reverse())
      await store.remove([], [ids[1]!])
      expect(await store.getPages(ids)).toEqual([texts[0], undefined, texts[2], texts[3]])
      expect(await store.pageIds()).toEqual([ids[0], ids[2], ids[3]])
      expect(await store.getPages([])).toEqual([])
      expect(await store.putPages([])).toEqual([])
    })

    test('more than one transaction takes is stored in order (D2)', async () => {
      const store = await open()
      const texts = Array.from({ length: 80 }, (_, i) => String(i).padEnd(65_000, '.'))
      const ids = await store.putPages(texts)
      expect(ids).toEqual([...ids].sort((a, b) => a - b))
      expect(await store.getPages(ids)).toEqual(texts)
      expect((await store.size()).pages).toBe(80)
      expect((await store.size()).bytes).toBe(80 * 65_000)
    })

    test('a page id is never given again, not even after the newest page was deleted', async () => {
      const store = await open()
      const first = await store.putPages(['a', 'b'])
      await store.remove([], first)
      const [next] = await store.putPages(['c'])
      expect(next).toBeGreaterThan(first[1]!)
    })

    test('a manifest replaces only the one that it was made from; the other tab is told `superseded` (V4)', async () => {
      const bases = await create()
      const [a, b] = [await openOn(bases), await openOn(bases)]
      const epoch = await a.epoch()
      const first = await a.putManifest(draft({ epoch, text: 'first' }))
      expect(first).toBeTypeOf('number')
      expect(await b.putManifest(draft({ epoch, text: 'mine' }))).toBe('superseded')
      const replaces = (await b.current('lineage'))!.id
      expect(replaces).toBe(first)
      const second = await b.putManifest(draft({ epoch, text: 'second', replaces }))
      expect(await a.putManifest(draft({ epoch, text: 'late', replaces }))).toBe('superseded')
      expect((await a.current('lineage'))!).toMatchObject({ id: second, text: 'second' })
      expect(await a.getManifest(replaces)).toMatchObject({ id: first, text: 'first' })
    })

    test('of two tabs that put at once, one is stored (V4)', async () => {
      const bases = await create()
      const stores = [await openOn(bases), await openOn(bases), await openOn(bases)]
      const epoch = await stores[0]!.epoch()
      const outcomes = await Promise.all(
        stores.map((store, i) => store.putManifest(draft({ epoch, text: `${i}` }))),
      )
      expect(outcomes.filter((outcome) => outcome === 'superseded')).toHaveLength(2)
    })

    test('a manifest is refused with `swept` once the epoch was raised, also by another tab', async () => {
      const bases = await create()
      const [a, b] = [await openOn(bases), await openOn(bases)]
      const epoch = await a.epoch()
      const pages = await a.putPages(['a', 'b'])
      const raised = await b.raiseEpoch()
      expect(raised).toEqual({ epoch: epoch + 1, lastPage: pages[1] })
      expect(await a.putManifest(draft({ epoch, pages }))).toBe('swept')
      const later = await a.putPages(['c'])
      expect(later[0]).toBeGreaterThan(raised.lastPage)
      expect(await a.putManifest(draft({ epoch: await a.epoch(), pages: later }))).toBeTypeOf('number')
    })

    test('lineages do not know each other; the list has all manifests, oldest first, without texts', async () => {
      const store = await open()
      const epoch = await store.epoch()
      const pages = await store.putPages(['a'])
      const one = await store.putManifest(draft({ epoch, lineage: 'one', pages }))
      const two = await store.putManifest(draft({ epoch, lineage: 'two', storedAt: 7 }))
      expect(await store.manifests()).toEqual([
        { id: one, lineage: 'one', family: 'family', storedAt: 1, pages },
        { id: two, lineage: 'two', family: 'family', storedAt: 7, pages: [] },
      ])
      expect(await store.current('three')).toBeUndefined()
      await store.remove([(await store.current('one'))!.id], pages)
      expect(await store.current('one')).toBeUndefined()
      expect((await store.manifests()).map(({ id }) => id)).toEqual([two])
    })

    test('deleted while open, the store goes on empty: nothing of before fits it', async () => {
      const bases = await create()
      const store = await openOn(bases)
      const epoch = await store.epoch()
      const pages = await store.putPages(['a', 'b'])
      await store.putManifest(draft({ epoch, pages }))
      await bases.destroy()
      expect(await store.getPages(pages)).toEqual([undefined, undefined])
      expect(await store.current('lineage')).toBeUndefined()
      expect(await store.epoch()).not.toBe(epoch)
      const [next] = await store.putPages(['c'])
      expect(next).toBeGreaterThan(pages[1]!)
      expect(await store.putManifest(draft({ epoch, pages }))).toBe('swept')
    })

    test('after `close` calls fail by name', async () => {
      const store = await open()
      await store.close()
      await store.close()
      const refused = await store.epoch().catch((error: unknown) => error)
      expect(isHeadwaterError(refused, 'CLOSED')).toBe(true)
    })
  })
}

function draft(some: Partial<ManifestDraft>): ManifestDraft {
  const pages: readonly PageId[] = []
  return {
    lineage: 'lineage',
    family: 'family',
    storedAt: 1,
    text: 'text',
    pages,
    replaces: undefined,
    epoch: 0,
    ...some,
  }
}
