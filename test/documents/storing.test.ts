// How documents are stored: what waits, what comes in parts, what cannot be merged, and how little is written again.

import { createMemoryBaseStore, type FoldWatch } from '@headwater/views'
import { cutUpdate } from '@headwater/views/documents'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { ViewGroup } from '../../packages/views/src/group/view-group.ts'
import { createProfile, type Profile } from '../views/world.ts'
import {
  appendUpdate,
  createAuthor,
  createWriter,
  digestsOf,
  feed,
  figuresOf,
  notes,
  openFed,
  textIn,
} from './world.ts'

const open: ViewGroup[] = []
afterEach(async () => {
  for (const group of open.splice(0)) await group.close()
})
const openTab = async (profile: Profile, watch?: FoldWatch): Promise<ViewGroup> => {
  const group = await openFed(profile, watch ? { watch } : {})
  open.push(group)
  return group
}
const write =
  (text: string) =>
  (doc: Y.Doc): void =>
    doc.getText('body').insert(0, text)

describe('updates that wait for others', () => {
  test('are stored and counted, also over a restart, and merged when those come (V2)', async () => {
    const profile = createWriter()
    const author = createAuthor(1)
    const [first, second, third] = ['c', 'b', 'a'].map((text) => author.type(write(text)))
    await appendUpdate(profile, 'x', third!)
    await appendUpdate(profile, 'x', second!)
    const tab = await openTab(profile)
    expect(await figuresOf(tab, 'x')).toMatchObject({ waiting: 2 })
    expect(await textIn(tab, 'x')).toBe('')
    await tab.checkpointNow(true)
    const again = await openTab(profile)
    expect(again.checkpoint).toBe(profile.log.head)
    await appendUpdate(profile, 'x', first!)
    for (const each of [tab, again]) {
      await feed(profile, each)
      expect(await figuresOf(each, 'x')).toMatchObject({ waiting: 0 })
      expect(await textIn(each, 'x')).toBe('abc')
    }
  })

  test('an update whose deletions wait is merged when what they delete comes (V3)', async () => {
    const profile = createWriter()
    const author = createAuthor(1)
    const typed = author.type(write('abc'))
    const cut = author.type((doc) => doc.getText('body').delete(1, 1))
    await appendUpdate(profile, 'x', cut)
    const tab = await openTab(profile)
    expect(await figuresOf(tab, 'x')).toMatchObject({ waiting: 1 })
    await appendUpdate(profile, 'x', typed)
    await feed(profile, tab)
    expect(await textIn(tab, 'x')).toBe('ac')
    expect(await figuresOf(tab, 'x')).toMatchObject({ waiting: 0 })
  })
})

describe('an update over the limit of an event', () => {
  test('travels as numbered parts, and is merged when the last has come, in whatever order', async () => {
    const profile = createWriter()
    const author = createAuthor(1)
    const long = `${'0123456789'.repeat(80_000)}`
    const bodies = cutUpdate('x', author.type(write(long)), profile.random)
    expect(bodies.length).toBe(4)
    const tab = await openTab(profile)
    for (const part of [2, 0, 2, 3]) {
      await profile.append(notes.event(bodies[part]!))
      await feed(profile, tab)
      expect(await textIn(tab, 'x')).toBe('')
    }
    expect(await figuresOf(tab, 'x')).toMatchObject({ parts: 3 })
    await tab.checkpointNow(true)
    const again = await openTab(profile)
    await profile.append(notes.event(bodies[1]!))
    for (const each of [tab, again]) {
      await feed(profile, each)
      expect(await textIn(each, 'x')).toBe(long)
      expect(await figuresOf(each, 'x')).toMatchObject({ parts: 0 })
    }
  })
})

describe('an update that cannot be merged', () => {
  test('is quarantined; its document goes on from its last good state, as do the others (V6)', async () => {
    const profile = createWriter()
    const author = createAuthor(1)
    await appendUpdate(profile, 'x', author.type(write('good ')))
    const tab = await openTab(profile)
    await appendUpdate(profile, 'x', Uint8Array.of(1, 1, 1, 0, 31, 1, 1, 99, 0))
    await appendUpdate(profile, 'y', author.type(write('other')))
    await appendUpdate(profile, 'x', Y.encodeStateAsUpdate(author.doc))
    await feed(profile, tab)
    expect(tab.error).toBeUndefined()
    expect(await figuresOf(tab, 'x')).toMatchObject({ quarantined: 1, waiting: 0 })
    expect(await textIn(tab, 'x')).toBe('othergood ')
    const again = await openTab(profile)
    expect(await digestsOf(again)).toEqual(await digestsOf(tab))
  })

  test('the same update is quarantined in either order of arrival (V3)', async () => {
    const author = createAuthor(1)
    const base = author.type(write('base'))
    const broken = brokenAfter(4)
    const both = [base, broken]
    const digests: unknown[] = []
    for (const order of [both, both.toReversed()]) {
      const profile = createWriter()
      for (const update of order) await appendUpdate(profile, 'x', update)
      const tab = await openTab(profile)
      expect(await figuresOf(tab, 'x')).toMatchObject({ quarantined: 1, waiting: 0 })
      expect(await textIn(tab, 'x')).toBe('base')
      digests.push(await digestsOf(tab))
    }
    expect(digests[0]).toEqual(digests[1])
  })

  test('one that hung before is passed over, and those around it are folded alone (V6)', async () => {
    const profile = createWriter()
    const author = createAuthor(1)
    for (const text of ['3', '2', '1']) await appendUpdate(profile, 'x', author.type(write(text)))
    const begun: number[] = []
    const watch: FoldWatch = {
      begin: () => undefined,
      beginAlone: (_view, offset) => begun.push(offset),
      end: () => undefined,
      isSuspect: (_view, offset) => offset <= 2,
      isBad: (_view, offset) => offset === 3,
    }
    const tab = await openTab(profile, watch)
    expect(await textIn(tab, 'x')).toBe('23')
    expect(await figuresOf(tab, 'x')).toMatchObject({ quarantined: 1 })
    expect(begun).toEqual([1, 2])
    await tab.checkpointNow(true)
    expect(await figuresOf(await openTab(profile), 'x')).toMatchObject({ quarantined: 1 })
  })
})

/** An update of client 1 that continues at `clock` and cannot be integrated. */
function brokenAfter(clock: number): Uint8Array {
  return Uint8Array.of(1, 1, 1, clock, 31, 1, 1, 99, 0)
}

describe('a large document', () => {
  test('is not written again at each checkpoint, and holds the same after it was', async () => {
    const store = createMemoryBaseStore()
    let written = 0
    const counting = {
      ...store,
      putPages: (pages: readonly string[]) => {
        written += pages.reduce((sum, { length }) => sum + length, 0)
        return store.putPages(pages)
      },
    }
    const base = createProfile(1, [notes.event])
    const profile = { ...base, store: counting }
    const author = createAuthor(1)
    await appendUpdate(profile, 'x', author.type(write('large '.repeat(400_000))))
    const tab = await openTab(profile)
    await tab.checkpointNow(true)
    expect(written).toBeGreaterThan(2_400_000)
    for (let i = 0; i < 20; i++) {
      written = 0
      await appendUpdate(profile, 'x', author.type(write(`${i}`)))
      await feed(profile, tab)
      await tab.checkpointNow(true)
      expect(written).toBeLessThan(100_000)
    }
    const again = await openTab(profile)
    expect(await textIn(again, 'x')).toBe(author.doc.getText('body').toJSON())
    expect(await digestsOf(again)).toEqual(await digestsOf(tab))
  })

  test('what is written in all is a few times what was typed, each page counted as often as it is written', async () => {
    const store = createMemoryBaseStore()
    let written = 0
    const counting = {
      ...store,
      putPages: (pages: readonly string[]) => {
        written += pages.reduce((sum, { length }) => sum + length, 0)
        return store.putPages(pages)
      },
    }
    const profile = { ...createProfile(1, [notes.event]), store: counting }
    const author = createAuthor(1)
    const tab = await openTab(profile)
    let typed = 0
    for (let i = 0; i < 300; i++) {
      const update = author.type(write(`${i} `.repeat(2_000)))
      typed += update.length
      await appendUpdate(profile, 'x', update)
      await feed(profile, tab)
      if (i % 20 === 19) await tab.checkpointNow(true)
    }
    expect(await textIn(tab, 'x')).toBe(author.doc.getText('body').toJSON())
    expect(typed).toBeGreaterThan(2_000_000)
    expect(written / typed).toBeLessThan(8)
  })
})

describe('answers', () => {
  test('changes since an offset, applied to what was there then, give what is there now (D1)', async () => {
    const profile = createWriter()
    const author = createAuthor(1)
    const tab = await openTab(profile)
    const copies: { readonly at: number; readonly doc: Y.Doc }[] = [{ at: -1, doc: new Y.Doc() }]
    for (let i = 0; i < 120; i++) {
      await appendUpdate(profile, 'x', author.type(write(`${i} `.repeat(i % 7 === 0 ? 4_000 : 1))))
      await feed(profile, tab)
      const doc = new Y.Doc()
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(author.doc))
      if (i % 10 === 0) copies.push({ at: profile.log.head, doc })
    }
    for (const { at, doc } of copies) {
      const { value } = await tab.answer({ view: 'notes', method: 'changes', args: ['x', at] })
      const { updates } = value as { updates: readonly Uint8Array[] }
      for (const update of updates) Y.applyUpdate(doc, update)
      expect(doc.getText('body').toJSON()).toBe(author.doc.getText('body').toJSON())
    }
  })

  test('text is that of all root types by name, or of one; keys are in order, within bounds', async () => {
    const profile = createWriter()
    const author = createAuthor(1)
    const update = author.type((doc) => {
      doc.getText('title').insert(0, 'Title')
      doc.getText('body').insert(0, 'Body')
      doc.getMap('meta').set('note', new Y.Text('in a map'))
      const paragraph = new Y.XmlElement('p')
      doc.getXmlFragment('page').insert(0, [paragraph, new Y.XmlText('beside')])
      paragraph.insert(0, [new Y.XmlText('inside')])
    })
    for (const id of ['b', 'a', 'c']) await appendUpdate(profile, id, update)
    const tab = await openTab(profile)
    expect(await textIn(tab, 'a')).toBe('Body\nin a map\ninside\nbeside\nTitle')
    expect(await textIn(tab, 'a', 'title')).toBe('Title')
    expect(await textIn(tab, 'a', 'none')).toBe('')
    expect(await textIn(tab, 'none')).toBeUndefined()
    const keys = async (options: object): Promise<unknown> =>
      (await tab.answer({ view: 'notes', method: 'keys', args: [{ ...options }] })).value
    expect(await keys({})).toEqual(['a', 'b', 'c'])
    expect(await keys({ gte: ['b'], limit: 1 })).toEqual(['b'])
  })
})
