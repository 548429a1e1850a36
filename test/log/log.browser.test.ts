// The log's laws, checked on real IndexedDB in a browser.

import { destroyIndexedDbLog, ORIGIN, openIndexedDbLog } from '@headwater/log'
import { expect, test } from 'vitest'
import { describeLog, type LogUnderTest, note, readAll } from '../contract/log.contract.ts'
import { describeExchange } from '../contract/log-exchange.contract.ts'
import { createWorld, drawName } from './world.ts'

let seed = 0

const create = async (): Promise<LogUnderTest> => {
  seed += 1
  const world = createWorld(seed * 1_000)
  const name = drawName()
  return {
    world,
    strictIsHeld: 'durable',
    open: () => openIndexedDbLog({ ...world, name, strictHonoured: true }),
    dispose: () => remove(name),
  }
}

describeLog('IndexedDB log in a browser', create)
describeExchange('IndexedDB log in a browser', create)

test('large commits are stored, packed and read back (L1, L7)', async () => {
  const world = createWorld(1)
  const name = drawName()
  const log = await openIndexedDbLog({ ...world, name })
  const commits = Array.from({ length: 8 }, (_, commit) =>
    Array.from({ length: 1_000 }, (__, i) => note(`${commit}.${i}`)),
  )
  await Promise.all(commits.map((drafts) => log.append(drafts)))
  for (let i = 0; i < 600; i++) void log.append([note(`single ${i}`)])
  await log.append([note('last')])
  const before = await readAll(log)
  await log.pack()
  await log.close()
  const again = await openIndexedDbLog({ ...world, name })
  expect(await readAll(again, 2_000)).toEqual(before)
  expect(before).toHaveLength(8_601)
  await again.close()
  await remove(name)
})

test('a log that is destroyed while open fails by name', async () => {
  const name = drawName()
  const log = await openIndexedDbLog({ ...createWorld(2), name })
  await log.append([note('a')])
  await remove(name)
  await expect(log.append([note('b')])).rejects.toMatchObject({ code: 'STORAGE_LOST' })
  await expect(log.read(ORIGIN).then(({ events }) => events.length)).resolves.toBe(1) // still in memory
  await log.close()
})

/** Waits for handles that are just closing. */
function remove(name: string): Promise<void> {
  return destroyIndexedDbLog(name, indexedDB, { ...createWorld(), deadlineMs: 5_000 })
}
