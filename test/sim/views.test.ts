// What a page is asked has to be answerable, whatever the page has heard of its log.

import { createEventRegistry, openIndexedDbLog, type Sequence } from '@headwater/log'
import type { Database, Receipt, TableView } from 'headwater'
import { expect, test } from 'vitest'
import { draftOf, eventsOf, type Task } from './app/model.ts'
import type { TabPlace } from './device.ts'
import './loaded.ts'
import { readLog } from './oracle.ts'
import type { Act } from './page.ts'
import { checkViews } from './views.ts'
import { createWorld } from './world.ts'

const PATIENCE_MS = 60_000
const TASK = { id: 't1', nonce: 1, title: 'amber', points: 1, owner: '', priority: 0 }

test('a page is asked from the end of its log while its status still names the replica before (D1)', async () => {
  const world = createWorld(504, 1, { hasClones: false, store: 'simulated' })
  const replica = world.replicas[0]!
  const { device } = replica
  const page = replica.open('new')
  const ended = async <Value>(act: Act<Value>): Promise<Value | undefined> => {
    await world.time.runUntil(() => act.state !== 'going', PATIENCE_MS)
    return act.value
  }
  const db = (await ended(page.opening))!
  const receipt = (await ended(page.act('writes beside', () => reissueIn(device.openTab()))))!
  const task = await ended(page.act('looks into the log', () => tasksOf(db).get('t1', { atLeast: receipt })))
  expect(task).toMatchObject({ id: 't1' })
  expect(db.status.get().log.replica).toBe(receipt.replica)
  expect(readLog(device.disk).replica).not.toBe(receipt.replica)
  expect(await checkViews(world, replica, page, true)).toBe(true)
})

/** Appends a task in a tab that tells no other, and gives the log another replica id; the receipt of what was reissued. */
async function reissueIn({ platform }: TabPlace): Promise<Receipt> {
  const { clock, random, scheduler, indexedDb } = platform
  const events = createEventRegistry(eventsOf.new)
  const log = await openIndexedDbLog({
    name: 'headwater:tasks:log',
    events,
    clock,
    random,
    scheduler,
    ...indexedDb,
  })
  const receipt = await log.append([draftOf('new', 'task.opened', TASK)])
  await log.reissue({ replica: receipt.replica, after: 0 as Sequence })
  return receipt
}

function tasksOf({ views }: Database): TableView<Task, unknown> {
  return (views as Record<string, unknown>).tasks as TableView<Task, unknown>
}
