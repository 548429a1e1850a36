// Syncing in Chromium, with engines in real workers: databases of different names over a real BroadcastChannel, tabs of one
// database by their real locks, and what React shows of it.
import { DatabaseProvider, usePresence, useSync } from '@headwater/react'
import { nearby, openDatabase, type SyncedDatabase } from 'headwater'
import type { ReactNode } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { closeAll, drawName, Opened, openings, refusalOf, tracker } from '../database/world.ts'
import { render } from '../react/render.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((db) => db.close()))
  await closeAll()
})

const worker = (): Worker =>
  new Worker(new URL('../database/workers/tracker.worker.ts', import.meta.url), { type: 'module' })

async function open(channel: string, name = drawName()): Promise<SyncedDatabase<typeof tracker>> {
  const db = await openDatabase(tracker, { name, worker, sync: nearby({ channel }) })
  opened.push(db)
  return db
}

test('two nearby databases agree, whoever wrote, and a receipt of one answers on the other (D1, R3)', async () => {
  const channel = drawName()
  const [a, b] = [await open(channel), await open(channel)]
  await a.append(openings(20))
  const receipt = await b.append(Opened({ id: 'i3', title: 'From b', points: 9 }))
  expect(await a.views.issues.get('i3', { atLeast: receipt })).toMatchObject({ title: expect.any(String) })
  await expect.poll(() => b.views.issues.count('key')).toBe(20)
  await expect.poll(() => [a.sync.get().state, b.sync.get().state]).toEqual(['live', 'live'])
  expect(await b.views.issues.range('key')).toEqual(await a.views.issues.range('key'))
  expect(await b.views.points.range()).toEqual(await a.views.points.range())
  await Promise.all([a.destroy(), b.destroy()])
})

test('two tabs of one database: one leads, both pause, both see each other; when it closes the other leads', async () => {
  const [channel, name] = [drawName(), drawName()]
  const one = await open(channel, name)
  await expect.poll(() => one.sync.get().leads).toBe(true)
  const two = await open(channel, name)
  const other = await open(channel)
  await expect.poll(() => two.sync.get().state).toBe('live')
  expect(two.sync.get().leads).toBe(false)
  two.presence.set({ user: 'two' })
  await expect.poll(() => other.presence.get().map(({ state }) => state)).toEqual([{ user: 'two' }])
  await two.sync.pause()
  await expect.poll(() => [one.sync.get().state, two.sync.get().state]).toEqual(['paused', 'paused'])
  await one.close()
  await expect.poll(() => two.sync.get()).toMatchObject({ leads: true, state: 'paused' })
  await two.sync.resume()
  const receipt = await other.append(openings(1))
  expect(await two.views.issues.get('i0', { atLeast: receipt })).toBeDefined()
  await Promise.all([two.destroy(), other.destroy()])
})

test('a worker that dies is started again, syncs on, and shows who is here again', async () => {
  const channel = drawName()
  const other = await open(channel)
  const made: Worker[] = []
  const db = await openDatabase(tracker, {
    name: drawName(),
    worker: () => {
      made.push(worker())
      return made.at(-1)!
    },
    sync: nearby({ channel }),
  })
  opened.push(db)
  await expect.poll(() => db.sync.get().state).toBe('live')
  db.presence.set('ann')
  await expect.poll(() => other.presence.get().some(({ state }) => state === 'ann')).toBe(true)
  const before = other.presence.get()[0]?.tab
  made[0]?.terminate()
  await expect.poll(() => db.status.get().restarts).toBe(1)
  const receipt = await db.append(openings(1))
  expect(await other.views.issues.get('i0', { atLeast: receipt })).toBeDefined()
  await expect
    .poll(() => other.presence.get().some(({ tab, state }) => tab !== before && state === 'ann'))
    .toBe(true)
  await Promise.all([db.destroy(), other.destroy()])
})

test('a receipt that does not come is refused by name across the worker', async () => {
  const [a, b] = [await open(drawName()), await open(drawName())]
  const receipt = await a.append(openings(1))
  const refusal = await refusalOf(b.views.issues.get('i0', { atLeast: receipt, deadlineMs: 50 }))
  expect(refusal).toMatchObject({ code: 'BEHIND_RECEIPT' })
  expect(await refusalOf(a.sync.reached(receipt, 'hub'))).toMatchObject({ code: 'SYNC_OFF' })
  await Promise.all([a.destroy(), b.destroy()])
})

function Here(): ReactNode {
  const { state, pending } = useSync()
  const [others] = usePresence()
  return `${state} ${pending} ${others.map((other) => JSON.stringify(other.state)).join(' ')}`
}

test('useSync and usePresence show how it fares and who is here; without sync they say what is missing', async () => {
  const channel = drawName()
  const [a, b] = [await open(channel), await open(channel)]
  const page = await render(
    <DatabaseProvider database={a}>
      <Here />
    </DatabaseProvider>,
  )
  const shows = (text: RegExp): Promise<void> => vi.waitFor(() => expect(page.text()).toMatch(text), 30_000)
  // What is shown changes by what others do, at any time.
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })
  await shows(/^live 0 $/)
  b.presence.set('bob')
  await shows(/^live 0 "bob"$/)
  await b.close()
  // It may come back: looked for, not refused.
  await shows(/^(offline|connecting) 0 $/)
  await a.sync.pause()
  await a.append(openings(2))
  await shows(/^paused 2 $/)
  await page.unmount()
  const alone = await openDatabase(tracker, { storage: 'memory', name: drawName() })
  opened.push(alone)
  const errors: unknown[] = []
  await render(
    <DatabaseProvider database={alone}>
      <Here />
    </DatabaseProvider>,
    (error) => errors.push(error),
  ).catch((error: unknown) => errors.push(error))
  expect(String(errors[0])).toContain('does not sync')
})
