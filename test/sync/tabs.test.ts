// Several tabs of one stored database: one of them syncs, all of them see and may ask the same, and when that one closes or
// freezes another goes on.
import { createEventRegistry, openIndexedDbLog } from '@headwater/log'
import { hub, nearby } from 'headwater'
import { afterEach, expect, test } from 'vitest'
import { drawName, openings, refusalOf } from '../database/world.ts'
import { authenticate, signToken } from '../hub/running-hub.ts'
import {
  becomes,
  closeAll,
  eventually,
  freezablePlatform,
  open,
  start,
  type Tracker,
  tracker,
} from './world.ts'

afterEach(closeAll)

const leads = (db: Tracker): Promise<void> =>
  eventually(
    () => db.sync.get().leads,
    (does) => expect(does).toBe(true),
  )
const holds = (db: Tracker, issues: number): Promise<void> =>
  eventually(
    () => db.views.issues.count('key'),
    (n) => expect(n).toBe(issues),
  )

test('one of two syncs; both see the same status, and a commit of either reaches the hub', async () => {
  const { url } = await start()
  const name = drawName()
  const one = await open(hub({ url }), { name })
  await leads(one)
  const two = await open(hub({ url }), { name })
  await Promise.all([becomes(one, 'live'), becomes(two, 'live')])
  expect(two.sync.get().leads).toBe(false)
  await two.sync.reached(await two.append(openings(2)), 'hub')
  await one.sync.reached(await one.append(openings(1, 2)), 'hub')
  await eventually(
    () => [one.sync.get(), two.sync.get()],
    (all) => {
      for (const status of all) expect(status).toMatchObject({ sent: 3, pending: 0, state: 'live' })
    },
  )
  const other = await open(hub({ url }))
  await holds(other, 3)
  const receipt = await other.append(openings(1, 3))
  expect(await two.views.issues.get('i3', { atLeast: receipt })).toBeDefined()
})

test('when the tab that syncs closes, another goes on', async () => {
  const { url } = await start()
  const name = drawName()
  const one = await open(hub({ url }), { name })
  await leads(one)
  const two = await open(hub({ url }), { name })
  await one.close()
  await leads(two)
  await two.sync.reached(await two.append(openings(1)), 'hub')
})

test('when the tab that syncs freezes, another leads within seconds; what thaws stores nothing twice and waits (R2)', async () => {
  const { url } = await start()
  const name = drawName()
  const platform = freezablePlatform()
  const one = await open(hub({ url }), { name, platform })
  await becomes(one, 'live')
  const two = await open(hub({ url }), { name })
  const other = await open(hub({ url }))
  await becomes(other, 'live')
  platform.freeze()
  await other.append(openings(3))
  await two.sync.reached(await two.append(openings(2, 10)), 'hub', { deadlineMs: 50_000 })
  expect(two.sync.get().leads).toBe(true)
  await holds(two, 5)
  platform.thaw()
  await eventually(
    () => one.sync.get().leads,
    (does) => expect(does).toBe(false),
  )
  await other.append(openings(1, 20))
  await Promise.all([holds(one, 6), holds(two, 6), holds(other, 6)])
  await Promise.all([becomes(one, 'live'), becomes(two, 'live')])
  expect((await two.readLog()).entries).toHaveLength(6)
  expect(two.sync.get().leads).toBe(true)
})

test('what a tab receives after another raised the epoch is not stored by it', async () => {
  const { url } = await start()
  const name = drawName()
  const platform = freezablePlatform()
  const one = await open(hub({ url }), { name, platform })
  await becomes(one, 'live')
  const other = await open(hub({ url }))
  await becomes(other, 'live')
  const rival = await openIndexedDbLog({
    ...platform,
    name: `headwater:${name}:log`,
    events: createEventRegistry(tracker.events),
  })
  // Its timers stand still, so that it does not hear of it by itself; its socket does not.
  platform.freeze()
  const { epoch } = await rival.lease.read()
  await rival.lease.take(epoch, 'a rival')
  await other.sync.reached(await other.append(openings(3)), 'hub')
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await rival.refresh()).toBe(0)
  platform.thaw()
  // The rival is silent: it leads again, and receives what it lacked.
  await holds(one, 3)
  await rival.close()
})

test('a pause of one tab is a pause of all, also of those that are opened later, until one of them resumes', async () => {
  const { url } = await start()
  const name = drawName()
  const one = await open(hub({ url }), { name })
  await becomes(one, 'live')
  const two = await open(hub({ url }), { name })
  await becomes(two, 'live')
  await two.sync.pause('saving data')
  await Promise.all([becomes(one, 'paused'), becomes(two, 'paused')])
  await eventually(one.sync.get, (status) => expect(status.reason).toBe('saving data'))
  await Promise.all([one.close(), two.close()])
  const later = await open(hub({ url }), { name })
  await becomes(later, 'paused')
  const last = await open(hub({ url }), { name })
  await becomes(last, 'paused')
  expect(last.sync.get()).toMatchObject({ reason: 'saving data', leads: false })
  await last.sync.resume()
  await Promise.all([becomes(later, 'live'), becomes(last, 'live')])
})

test('while it is paused from the beginning, no token is asked for', async () => {
  const { url } = await start({ authenticate })
  const name = drawName()
  let asked = 0
  const sync = hub({
    url,
    workspace: 'garden',
    token: () => {
      asked++
      return signToken()
    },
  })
  const one = await open(sync, { name })
  await one.sync.pause()
  await becomes(one, 'paused')
  await one.close()
  const before = asked
  const two = await open(sync, { name })
  await becomes(two, 'paused')
  await leads(two)
  expect(asked).toBe(before)
  await two.sync.resume()
  await becomes(two, 'live')
})

test('a refusal is told to a tab that does not lead, and so is what is unsent', async () => {
  const { url } = await start({ authenticate })
  const name = drawName()
  const sync = hub({ url, workspace: 'garden', token: () => signToken({ rights: ['read'] }) })
  const one = await open(sync, { name })
  await leads(one)
  const two = await open(sync, { name })
  const receipt = await two.append(openings(1))
  expect(await refusalOf(two.sync.reached(receipt, 'hub'))).toMatchObject({ code: 'FORBIDDEN' })
  expect(await refusalOf(two.destroy())).toMatchObject({ code: 'UNSENT' })
  await one.close()
  await two.close()
  const again = await open(sync, { name })
  expect(await refusalOf(again.sync.reached(structuredClone(receipt), 'hub'))).toMatchObject({
    code: 'FORBIDDEN',
  })
})

test('tabs of one database need no sync to agree, and do not take each other for a peer', async () => {
  const name = drawName()
  const sync = nearby({ channel: drawName() })
  const one = await open(sync, { name })
  const two = await open(sync, { name })
  const receipt = await one.append(openings(2))
  expect(await two.views.issues.get('i1', { atLeast: receipt })).toBeDefined()
  expect(two.sync.get()).toMatchObject({ state: 'offline', sent: 0, received: 0 })
})
