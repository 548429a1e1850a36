// The hub's stores against their contract, and what only the durable one has: a file, a thread, a disk that may be full.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryHubStore, nodePlatform, openSqliteStore, START } from '@headwater/hub'
import { afterAll, describe, expect, test } from 'vitest'
import { codesOf, contextOf, describeHubStore, readAll, STAMP_KEY } from '../contract/hub-store.contract.ts'
import { createRandom } from '../log/world.ts'
import { createAuthor } from './author.ts'

const folders: string[] = []
async function freshFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-hub-'))
  folders.push(folder)
  return join(folder, 'hub.db')
}
afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})

describeHubStore('memory', async () => ({
  open: async (policy) => createMemoryHubStore({ stampKey: STAMP_KEY, ...policy }, createRandom(1)),
  dispose: async () => {},
}))

describeHubStore('sqlite', async () => {
  const file = await freshFile()
  return {
    open: (policy) => openSqliteStore({ file, stampKey: STAMP_KEY, ...policy }, nodePlatform),
    dispose: async () => {},
  }
})

describe('sqlite store', () => {
  test('what was acknowledged is there after the store is opened again, with its epoch (R8)', async () => {
    const file = await freshFile()
    const options = { file, stampKey: STAMP_KEY }
    const first = await openSqliteStore(options, nodePlatform)
    expect(first.isDurable).toBe(true)
    const ann = createAuthor('ann')
    const context = contextOf({ replica: ann.replica })
    await first.append('garden', ann.writeMany(3), context)
    await first.close()
    const second = await openSqliteStore(options, nodePlatform)
    expect(second.epoch).toBe(first.epoch)
    expect(await readAll(second, 'garden')).toHaveLength(3)
    expect(await second.append('garden', [ann.write()], context)).toMatchObject([
      { type: 'stored', placed: { position: 4 } },
    ])
    await second.close()
  })

  test('less than a synced write is refused, unless it is asked for', async () => {
    const file = await freshFile()
    const options = { file, stampKey: STAMP_KEY, synchronous: 'NORMAL' as const }
    await expect(openSqliteStore(options, nodePlatform)).rejects.toMatchObject({
      code: 'STORE_UNSAFE',
      facts: { journalMode: 'wal', synchronous: 1 },
    })
    const store = await openSqliteStore({ ...options, isUnsafe: true }, nodePlatform)
    expect(store.isDurable).toBe(false)
    await store.close()
  })

  test('a file that cannot be opened, or is no store, is refused by name', async () => {
    const missing = join(await freshFile(), 'deeper', 'hub.db')
    const open = (file: string) => openSqliteStore({ file, stampKey: STAMP_KEY }, nodePlatform)
    await expect(open(missing)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  })

  test('appends that wait while a transaction is on its way share the next one', async () => {
    const store = await openSqliteStore({ file: await freshFile(), stampKey: STAMP_KEY }, nodePlatform)
    const authors = Array.from({ length: 200 }, (_, i) => createAuthor(`a${i}`))
    const appends = authors.map((author) =>
      store.append(`w${author.replica}`, [author.write()], contextOf({ isOpen: true })),
    )
    expect(store.queuedBytes()).toBeGreaterThan(200 * 50)
    expect((await Promise.all(appends)).flatMap(codesOf)).toEqual(authors.map(() => 'stored'))
    expect(store.queuedBytes()).toBe(0)
    expect(await store.workspaces()).toHaveLength(200)
    await store.close()
  })

  test('a position is read in the transaction that gives the next one, whoever else writes the file (R1)', async () => {
    const options = { file: await freshFile(), stampKey: STAMP_KEY }
    const [one, other] = [
      await openSqliteStore(options, nodePlatform),
      await openSqliteStore(options, nodePlatform),
    ]
    const authors = ['a', 'b', 'c'].map((name) => createAuthor(name))
    const names = authors.map(({ replica }, i) => `${i + 1} ${replica}:1`)
    for (const [i, store] of [one, other, one].entries())
      await store.append('garden', [authors[i]!.write()], contextOf({ isOpen: true }))
    expect(await readAll(one, 'garden')).toEqual(names)
    await Promise.all([one.close(), other.close()])
  })

  test('an append that was under way when the store was closed is stored and told', async () => {
    const file = await freshFile()
    const store = await openSqliteStore({ file, stampKey: STAMP_KEY }, nodePlatform)
    const ann = createAuthor('ann')
    const pending = store.append('garden', ann.writeMany(50), contextOf({ replica: ann.replica }))
    await store.close()
    expect(codesOf(await pending)).toEqual(Array.from({ length: 50 }, () => 'stored'))
  })
})

test('a backup of memory is untouched by what comes later, and opens with another epoch', async () => {
  const store = createMemoryHubStore({ stampKey: STAMP_KEY }, createRandom(1))
  const ann = createAuthor('ann')
  const context = contextOf({ replica: ann.replica })
  await store.append('garden', ann.writeMany(2), context)
  const backup = store.backup()
  await store.append('garden', ann.writeMany(2), context)
  const restored = createMemoryHubStore({ stampKey: STAMP_KEY }, createRandom(2), backup)
  expect(restored.epoch).not.toBe(store.epoch)
  expect(await restored.head('garden')).toBe(2)
  const { commits } = await store.read('garden', START, { maxBytes: 100_000 })
  expect(codesOf(await restored.append('garden', commits, context))).toEqual([
    'held',
    'held',
    'stored',
    'stored',
  ])
})
