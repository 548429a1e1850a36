// A table that takes over another tab's base which has come less far: until it is where it was, no rows of before are shown.

import { emptyBatch, type Log, type Offset } from '@headwater/log'
import { type SearchDefinition, table } from '@headwater/views'
import { search } from '@headwater/views/search'
import { afterEach, expect, test } from 'vitest'
import { closeTabs, createProfile, Opened, openTab, scheduler, statusOf, type Tab } from '../views/world.ts'

afterEach(closeTabs)

interface Task {
  readonly id: string
  readonly owner?: string | undefined
}

const tasks = table<Task>('items').on(Opened, (_row, { data: { id, owner } }) => ({ id, owner }))
const taskSearch: SearchDefinition = search('taskSearch', tasks, { fields: { owner: 1 } })
const definitions = [tasks, taskSearch]

/** A log whose reads wait while it is held. */
function holdable(log: Log): { readonly log: Log; hold(): void; release(): void } {
  let gate = Promise.resolve()
  let release = (): void => undefined
  const read: Log['read'] = async (...args) => {
    await gate
    return log.read(...args)
  }
  return {
    log: new Proxy(log, { get: (target, name) => (name === 'read' ? read : Reflect.get(target, name)) }),
    hold() {
      gate = new Promise((resolve) => {
        release = resolve
      })
    },
    release: () => release(),
  }
}

/** A log that has heard of one event only. */
function behind(log: Log): Log {
  const read: Log['read'] = async (after, options) =>
    after > 0 ? emptyBatch(after) : log.read(after, { ...options, maxEvents: 1 })
  return new Proxy(log, { get: (target, name) => (name === 'read' ? read : Reflect.get(target, name)) })
}

async function find(tab: Tab, text: string, atLeast: number): Promise<readonly string[]> {
  const request = { view: 'taskSearch', method: 'search', args: [text] }
  const { value } = await tab.views.query(request, { atLeast: atLeast as Offset })
  return (value as { hits: { key: string }[] }).hits.map(({ key }) => key)
}

test('a search answers from the receipt on also while its table goes back to come further (D1)', async () => {
  const profile = createProfile()
  await profile.append(Opened({ id: 'a', points: 1, owner: 'ann' }))
  const held = holdable(profile.openLog())
  const tab = await openTab(profile, definitions, { log: held.log })
  const other = await openTab(profile, definitions, { log: behind(profile.openLog()) })
  for (const each of [tab, other]) expect(await find(each, 'ann', 1)).toEqual(['a'])
  await profile.append(Opened({ id: 'a', points: 1, owner: 'bob' }))
  expect(await find(tab, 'bob', 2)).toEqual(['a'])
  await other.views.rebuild('items')
  await other.views.checkpoint()
  held.hold()
  tab.views.noticeCheckpoint()
  await expect.poll(() => statusOf(tab)).toMatchObject({ position: 1, checkpoint: 1 })
  let found: readonly string[] | undefined
  const finding = find(tab, 'bob', 2).then((keys) => {
    found = keys
  })
  for (let turns = 0; turns < 20; turns++) await scheduler.nextTurn()
  expect(found ?? ['a']).toEqual(['a'])
  held.release()
  await finding
  expect(found).toEqual(['a'])
})
