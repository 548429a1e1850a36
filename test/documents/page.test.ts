// Documents as a page has them: live, stored by themselves, shared between tabs.

import { createEventRegistry, openIndexedDbLog, type ReplicaId, type Sequence } from '@headwater/log'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import { closeAll, drawName, Opened } from '../database/world.ts'
import { eventsIn, openTab, type Pad, pad, pause, until } from './pages.ts'

afterEach(closeAll)

const body = (doc: Y.Doc): Y.Text => doc.getText('body')

describe('an open document', () => {
  test('stores what is typed, shows it in other tabs, and has it again when opened later (L6)', async () => {
    const name = drawName()
    const [one, two] = [await openTab(name), await openTab(name)]
    const here = await one.views.notes.open('a')
    const there = await two.views.notes.open('a')
    expect(here.doc.clientID).not.toBe(there.doc.clientID)
    body(here.doc).insert(0, 'Hello')
    await until(() => body(there.doc).toJSON() === 'Hello', 'the text in the other tab')
    body(there.doc).insert(5, ', world')
    const receipt = await there.flush()
    expect(receipt?.count).toBe(1)
    await until(() => body(here.doc).toJSON() === 'Hello, world', 'the text in the first tab')
    expect(await one.views.notes.text('a', { atLeast: receipt! })).toBe('Hello, world')
    expect(await one.views.notes.keys()).toEqual(['a'])
    await Promise.all([here.close(), there.close()])
    const later = await (await openTab(name)).views.notes.open('a')
    expect(body(later.doc).toJSON()).toBe('Hello, world')
  })

  test('gathers what is typed within 100 ms into one event', async () => {
    const db = await openTab(drawName())
    const { doc, flush } = await db.views.notes.open('a')
    for (let i = 0; i < 50; i++) body(doc).insert(0, `${i} `)
    await until(async () => (await eventsIn(db)) > 0, 'an event')
    await pause(250)
    expect(await eventsIn(db)).toBe(1)
    expect(await flush()).toBeUndefined()
    body(doc).insert(0, 'x'.repeat(70_000))
    await until(async () => (await eventsIn(db)) === 2, 'what is over 64 KiB, at once')
  })

  test('is one object for all who hold it, and ends with the last handle', async () => {
    const db = await openTab(drawName())
    const [one, two] = await Promise.all([db.views.notes.open('a'), db.views.notes.open('a')])
    expect(one.doc).toBe(two.doc)
    await one.close()
    await one.close()
    body(two.doc).insert(0, 'still live')
    await two.close()
    await db.settled()
    expect(await db.views.notes.text('a')).toBe('still live')
    const three = await db.views.notes.open('a')
    expect(three.doc).not.toBe(one.doc)
    expect(three.doc.clientID).not.toBe(one.doc.clientID)
    expect(body(three.doc).toJSON()).toBe('still live')
  })

  test('what was typed is stored when the database is closed', async () => {
    const name = drawName()
    const db = await openTab(name)
    const { doc } = await db.views.notes.open('a')
    body(doc).insert(0, 'unsaved')
    await db.close()
    const again = await openTab(name)
    expect(await again.views.notes.text('a')).toBe('unsaved')
  })

  test('undo takes back what was typed here, and nothing of others', async () => {
    const name = drawName()
    const [one, two] = [await openTab(name), await openTab(name)]
    const here = await one.views.notes.open('a')
    const there = await two.views.notes.open('a')
    const undo = new Y.UndoManager(body(here.doc))
    body(here.doc).insert(0, 'mine ')
    await here.flush()
    await until(() => body(there.doc).length === 5)
    body(there.doc).insert(5, 'theirs')
    await until(() => body(here.doc).toJSON() === 'mine theirs')
    undo.undo()
    await until(() => body(there.doc).toJSON() === 'theirs')
    undo.redo()
    await until(() => body(there.doc).toJSON() === 'mine theirs')
  })

  test('a paste of 1 MB goes as parts and arrives whole', async () => {
    const name = drawName()
    const [one, two] = [await openTab(name), await openTab(name)]
    const here = await one.views.notes.open('a')
    const there = await two.views.notes.open('a')
    const long = 'A long paste. '.repeat(75_000)
    body(here.doc).insert(0, long)
    await here.flush()
    expect(await eventsIn(one)).toBeGreaterThan(3)
    await until(() => body(there.doc).length === long.length)
    expect(await two.views.notes.figures('a')).toMatchObject({ waiting: 0, parts: 0, quarantined: 0 })
  })

  test('an id that is none is refused by name', async () => {
    const db = await openTab(drawName())
    for (const id of ['', 'x'.repeat(1_025), '\ud800']) {
      await expect(db.views.notes.open(id)).rejects.toMatchObject({ code: 'QUERY_INVALID' })
    }
  })

  test('live queries of its text and of all ids follow (D3)', async () => {
    const db = await openTab(drawName())
    const [text, keys] = [db.views.notes.text('a'), db.views.notes.keys()]
    const stops = [text.subscribe(() => undefined), keys.subscribe(() => undefined)]
    const { doc } = await db.views.notes.open('a')
    await until(() => keys.state().status === 'ready')
    expect(text.state().data).toBeUndefined()
    body(doc).insert(0, 'now')
    await until(() => text.state().data === 'now')
    await expect.poll(() => keys.state().data).toEqual(['a'])
    for (const stop of stops) stop()
  })
})

test('documents are verified, rebuilt, exported and imported as all else is (V7, L3)', async () => {
  const db = await openTab(drawName())
  const { doc, flush } = await db.views.notes.open('a')
  body(doc).insert(0, 'A note')
  await db.append(Opened({ id: '1', title: 'Crash', points: 1 }))
  await flush()
  await db.settled()
  expect(await db.verify('notes')).toMatchObject({ equal: true, entries: 1 })
  await db.rebuild('notes')
  expect(await db.views.notes.text('a')).toBe('A note')
  const lines = await exportOf(db)
  const other = await openTab(drawName())
  expect(await other.importEvents(lines)).toMatchObject({ imported: 2, duplicates: 0 })
  await other.settled()
  expect(await other.views.notes.text('a')).toBe('A note')
  expect(await other.importEvents(lines)).toMatchObject({ imported: 0, duplicates: 2 })
  expect(pad.events.map(({ type }) => type)).toContain('headwater.document.notes')
})

test('what is set aside while it is open here is stored again from here, and nothing waits for it elsewhere (R1, V3)', async () => {
  const name = drawName()
  const [author, db, elsewhere] = [await openTab(drawName()), await openTab(name), await openTab(drawName())]
  const theirs = await author.views.notes.open('a')
  body(theirs.doc).insert(0, 'below')
  await theirs.flush()
  await db.importEvents(await exportOf(author))
  const { doc, flush } = await db.views.notes.open('a')
  await until(() => body(doc).toJSON() === 'below', 'what the other device has typed')
  await setAside(name, author.status.get().log.replica)
  await db.append(Opened({ id: '1', title: 'Crash', points: 1 })) // what another handle has stored is heard of
  body(doc).insert(5, ', on top')
  await flush()
  await until(async () => (await db.views.notes.text('a')) === 'below, on top', 'all of it in the log')
  expect(await db.views.notes.figures('a')).toMatchObject({ waiting: 0 })
  await elsewhere.importEvents(await exportOf(db))
  await elsewhere.settled()
  expect(await elsewhere.views.notes.text('a')).toBe('below, on top')
  expect(await elsewhere.views.notes.figures('a')).toMatchObject({ waiting: 0 })
  expect(body(doc).toJSON()).toBe('below, on top')
})

async function exportOf(db: Pad): Promise<string> {
  let lines = ''
  for await (const chunk of db.exportEvents()) lines += chunk
  return lines
}

/** Voids what a replica wrote, as a leader does when a hub says that another branch of it stands. */
async function setAside(name: string, replica: string): Promise<void> {
  const events = createEventRegistry(pad.events)
  const log = await openIndexedDbLog({ name: `headwater:${name}:log`, events, ...createPlatform() })
  await log.setAside(replica as ReplicaId, 0 as Sequence)
  await log.close()
}
