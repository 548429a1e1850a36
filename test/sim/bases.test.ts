// A base is held against what its own build folds, also where no row tells which one that is.

import { expect, test } from 'vitest'
import { draftOf } from './app/model.ts'
import { naiveRows } from './app/naive.ts'
import { checkBases } from './bases.ts'
import './loaded.ts'
import { readLog } from './oracle.ts'
import type { Act } from './page.ts'
import { createWorld } from './world.ts'

const PATIENCE_MS = 60_000
const OPENED = { id: 't4', nonce: 1, title: 'cedar', points: 30, owner: 'bo', priority: 0 }

test('a base without rows is the one of the build that stored it', async () => {
  const world = createWorld(987, 1, { hasClones: false, store: 'simulated' })
  const replica = world.replicas[0]!
  const { disk } = replica.device
  const page = replica.open('new')
  const ended = async <Value>(act: Act<Value>): Promise<Value> => {
    await world.time.runUntil(() => act.state !== 'going', PATIENCE_MS)
    if (act.state !== 'done') throw act.error
    return act.value!
  }
  const db = await ended(page.opening)
  const tasks = () => db.status.get().views.find(({ name }) => name === 'tasks')
  // The old build does not know stars, and passes over the commit that deletes the row.
  const going = [
    draftOf('new', 'task.starred', { id: 't4', nonce: 2 }),
    draftOf('new', 'task.deleted', { id: 't4', nonce: 3 }),
  ]
  await ended(page.act('opens', () => db.append(draftOf('new', 'task.opened', OPENED))))
  await ended(page.act('rebuilds', () => db.rebuild('tasks')))
  const isStoredAt = (offset: number) => () => tasks()?.checkpoint === offset
  await world.time.runUntil(isStoredAt(1), PATIENCE_MS)
  await ended(page.act('deletes', () => db.append(going)))
  await world.time.runUntil(isStoredAt(3), PATIENCE_MS)
  expect(tasks()).toMatchObject({ checkpoint: 3 })
  const log = readLog(disk)
  expect(
    naiveRows(
      'new',
      log.commits.flatMap(({ events }) => events),
    ).size,
  ).toBe(0)
  expect(() => checkBases(disk, log)).not.toThrow()
})
