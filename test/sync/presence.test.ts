// Who is here: between the tabs of one database, through a hub and nearby; bounded, and gone with who has gone.
import { hub, MAX_PRESENCE_BYTES, nearby } from 'headwater'
import { afterEach, expect, test } from 'vitest'
import { encodePresence, parsePresence } from '../../packages/headwater/src/engine/sync/presence-bytes.ts'
import { createTabPresence, type TabPresence } from '../../packages/headwater/src/engine/sync/tab-presence.ts'
import { drawName } from '../database/world.ts'
import { createRandom } from '../log/world.ts'
import { createVirtualTime } from './virtual-time.ts'
import { becomes, closeAll, eventually, open, start, type Tracker } from './world.ts'

afterEach(closeAll)

const sees = (db: Tracker, ...states: readonly unknown[]): Promise<void> =>
  eventually(
    () =>
      db.presence
        .get()
        .map(({ state }) => JSON.stringify(state))
        .sort(),
    (seen) => expect(seen).toEqual(states.map((state) => JSON.stringify(state)).sort()),
  )

test('tabs of one database see each other, without any peer; who closes is gone at once', async () => {
  const name = drawName()
  const sync = nearby({ channel: drawName() })
  const one = await open(sync, { name })
  const two = await open(sync, { name })
  one.presence.set({ user: 'ann', at: 1 })
  await sees(two, { user: 'ann', at: 1 })
  two.presence.set('bob')
  await sees(one, 'bob')
  // A third is told what the others show, without waiting for their next word.
  const three = await open(sync, { name })
  await sees(three, { user: 'ann', at: 1 }, 'bob')
  one.presence.set(undefined)
  await sees(three, 'bob')
  await two.close()
  await sees(three)
})

test('through a hub every tab of every device is seen, also of tabs that do not lead', async () => {
  const { url } = await start()
  const name = drawName()
  const leader = await open(hub({ url }), { name })
  await becomes(leader, 'live')
  const follower = await open(hub({ url }), { name })
  const other = await open(hub({ url }))
  await becomes(other, 'live')
  leader.presence.set('leader')
  follower.presence.set('follower')
  other.presence.set('other')
  await Promise.all([
    sees(other, 'leader', 'follower'),
    sees(leader, 'follower', 'other'),
    sees(follower, 'leader', 'other'),
  ])
  follower.presence.set('follower moved')
  await sees(other, 'leader', 'follower moved')
  await follower.close()
  await Promise.all([sees(other, 'leader'), sees(leader, 'other')])
  await leader.close()
  await sees(other)
})

test('nearby replicas see each other', async () => {
  const sync = nearby({ channel: drawName() })
  const [one, two] = [await open(sync), await open(sync)]
  one.presence.set('one')
  await sees(two, 'one')
})

test('nothing of it is stored, and what is too large or no JSON is refused by name', async () => {
  const one = await open(nearby({ channel: drawName() }))
  one.presence.set('x'.repeat(MAX_PRESENCE_BYTES - 2))
  expect(() => one.presence.set('x'.repeat(MAX_PRESENCE_BYTES - 1))).toThrow(
    expect.objectContaining({ code: 'PRESENCE_INVALID' }),
  )
  expect(() => one.presence.set(new Map() as never)).toThrow(
    expect.objectContaining({ code: 'PRESENCE_INVALID' }),
  )
  expect(one.status.get().log).toMatchObject({ head: 0, records: 0, aside: 0 })
})

test('bytes that are no word of presence are not heard', () => {
  const tab = 'abcdefghijklmnop' as Parameters<typeof encodePresence>[1]
  expect(parsePresence(encodePresence('state', tab, '{"a":1}'))).toEqual({
    type: 'state',
    tab,
    state: { a: 1 },
  })
  expect(parsePresence(encodePresence('who', tab))).toEqual({ type: 'who', tab })
  const cut = encodePresence('state', tab, '{"a":1}').subarray(0, 16)
  const unknown = encodePresence('gone', tab)
  unknown[12] = 9
  for (const bytes of [new Uint8Array(0), cut, unknown, new Uint8Array(4_097)])
    expect(parsePresence(bytes)).toBeUndefined()
})

test('a tab says at most ten changes a second, the last of them for certain, and is gone after 30 s of silence', async () => {
  const time = createVirtualTime()
  const random = createRandom(3)
  const said: Uint8Array[] = []
  const reports: unknown[] = []
  const create = (say: (bytes: Uint8Array) => void, report: (report: unknown) => void) => {
    const tab = time.tab()
    return { ...tab, presence: createTabPresence({ random, scheduler: tab.scheduler, say, report }) }
  }
  const hears: TabPresence[] = []
  const speaker = create(
    (bytes) => {
      said.push(bytes)
      for (const presence of hears) presence.heard(bytes)
    },
    () => undefined,
  )
  const listener = create(
    () => undefined,
    (report) => reports.push(report),
  )
  hears.push(listener.presence)
  for (let n = 0; n < 200; n++) {
    speaker.presence.present(String(n))
    await time.pass(10)
  }
  await time.pass(200)
  expect(said.length).toBeGreaterThan(15)
  expect(said.length).toBeLessThanOrEqual(22)
  expect(reports.at(-1)).toMatchObject({ changed: [{ state: 199 }] })
  // It says so again while it lives, and is not forgotten.
  await time.pass(120_000)
  expect(reports.every((report) => (report as { gone: unknown[] }).gone.length === 0)).toBe(true)
  speaker.crash()
  await time.pass(30_000)
  expect(reports.at(-1)).toMatchObject({ gone: [expect.any(String)] })
})
