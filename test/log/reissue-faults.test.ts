// Reissuing and setting aside over a store that loses completions and handles, and on a database of the version before.

import { type Log, openIndexedDbLog, type Sequence } from '@headwater/log'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { expect, test } from 'vitest'
import { commitOf, FOREIGN, note, readAll } from '../contract/log.contract.ts'
import { naiveChains, plain } from '../contract/log-exchange.contract.ts'
import { createFaultyFactory, type Fault } from './faulty-factory.ts'
import { layOut } from './stored.ts'
import { createWorld, drawName } from './world.ts'

const faults: readonly Fault[] = ['false-abort', 'abort', 'handle-closed']

async function textsOf(log: Log): Promise<readonly string[]> {
  await log.refresh()
  return (await readAll(log)).map(({ data }) => (data as { id: string }).id)
}

for (const fault of faults) {
  test(`a reissue that meets ${fault} is done once (L1, L5)`, async () => {
    const faulty = createFaultyFactory()
    const laid = layOut(31, faulty.factory)
    const log = await laid.open()
    for (const text of ['a', 'b', 'c']) await log.append([note(text)])
    const old = log.replica
    faulty.faults.push(fault)
    const done = await log.reissue({ replica: old, after: 1 as Sequence })
    expect(done.receipts.map(({ count }) => count)).toEqual([1, 1])
    const other = await laid.open()
    for (const reader of [log, other]) {
      expect(await textsOf(reader)).toEqual(['a', 'b', 'c'])
      expect(reader.replica).toBe(done.replica)
      expect((await reader.vector()).toJSON()).toEqual({ [old]: 1, [done.replica]: 2 })
      expect(plain(await reader.chains())).toEqual(plain(await naiveChains(reader)))
    }
    await Promise.all([log.close(), other.close()])
  })

  test(`setting aside that meets ${fault} is done once (L1)`, async () => {
    const faulty = createFaultyFactory()
    const laid = layOut(37, faulty.factory)
    const log = await laid.open()
    await log.merge([commitOf([note('a')]), commitOf([note('b')], { firstSequence: 2, at: 1 })])
    faulty.faults.push(fault)
    await log.setAside(FOREIGN, 1 as Sequence)
    expect(await textsOf(log)).toEqual(['a'])
    expect(await log.size()).toMatchObject({ aside: 1 })
    expect((await log.vector()).get(FOREIGN)).toBe(1)
    await log.close()
  })
}

test('a database of version 1 is upgraded and keeps all that it holds', async () => {
  const world = createWorld(5)
  const [factory, name] = [new IDBFactory(), drawName()]
  const options = { ...world, name, factory, keyRange: IDBKeyRange }
  const source = await openIndexedDbLog({ ...options, name: `${name}-source` })
  for (const text of ['a', 'b']) await source.append([note(text)])
  const { id, replica } = source
  await source.close()
  await copyAsVersion1(factory, `${name}-source`, name)
  const log = await openIndexedDbLog(options)
  expect([log.id, log.replica, log.head]).toEqual([id, replica, 2])
  expect((await log.chains()).get(replica)?.sequence).toBe(2)
  await log.reissue({ replica, after: 0 as Sequence })
  expect(await textsOf(log)).toEqual(['a', 'b'])
  await log.close()
})

/** The stores of the first version, with what another database holds in them. */
async function copyAsVersion1(factory: IDBFactory, from: string, to: string): Promise<void> {
  const source = await answer(factory.open(from))
  const opening = factory.open(to, 1)
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('records')
    opening.result.createObjectStore('meta')
  }
  const target = await answer(opening)
  for (const store of ['records', 'meta']) {
    const stored = source.transaction(store).objectStore(store)
    const [keys, values] = await Promise.all([
      answer(stored.getAllKeys()),
      answer<unknown[]>(stored.getAll()),
    ])
    const writing = target.transaction(store, 'readwrite')
    for (const [i, key] of keys.entries()) writing.objectStore(store).put(asVersion1(values[i]), key)
    await new Promise((resolve) => {
      writing.oncomplete = resolve
    })
  }
  source.close()
  target.close()
}

/** An identity had three members then. */
function asVersion1(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('replica' in value) || !('id' in value)) return value
  return { format: 1, id: value.id, replica: value.replica }
}

function answer<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('no reason'))
  })
}
