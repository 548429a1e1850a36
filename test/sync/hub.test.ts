// Databases that sync through the real hub over real sockets, in this process.
import { HeadwaterError, hub, type Platform, type SyncSpec } from 'headwater'
import { afterEach, describe, expect, test } from 'vitest'
import { Closed, drawName, Opened, openings, refusalOf } from '../database/world.ts'
import { authenticate, signToken } from '../hub/running-hub.ts'
import {
  becomes,
  closeAll,
  eventually,
  memoryStore,
  nodePlatform,
  open,
  shownBy,
  start,
  startAt,
} from './world.ts'

afterEach(closeAll)

const RELAYING = ['read', 'append', 'relay']

describe('two databases and a hub', () => {
  test('both edit offline, the same issue among it; connected, they show the same rows, numbers and hits (R3, V3)', async () => {
    const { url } = await start()
    const [a, b] = [await open(hub({ url })), await open(hub({ url }))]
    await a.append(openings(5))
    await Promise.all([
      becomes(a, 'live'),
      eventually(
        () => b.views.issues.count('key'),
        (n) => expect(n).toBe(5),
      ),
    ])
    await Promise.all([a.sync.pause('in the train'), b.sync.pause()])
    await Promise.all([becomes(a, 'paused'), becomes(b, 'paused')])
    await a.append([Opened({ id: 'i1', title: 'Issue of a', points: 8 }), Closed({ id: 'i2' })])
    await b.append([Opened({ id: 'i1', title: 'Issue of b', points: 2 }), ...openings(3, 10)])
    await a.append(Opened({ id: 'a', title: 'Issue from a alone', points: 1 }))
    await eventually(a.sync.get, (status) => {
      expect(status).toMatchObject({ reason: 'in the train', pending: 3 })
    })
    expect(await shownBy(a)).not.toEqual(await shownBy(b))
    await Promise.all([a.sync.resume(), b.sync.resume()])
    await eventually(
      async () => [await shownBy(a), await shownBy(b)],
      ([left, right]) => {
        expect(left).toEqual(right)
        expect(left).toMatchObject({ rows: { length: 9 } })
      },
    )
    await eventually(
      () => [a.sync.get(), b.sync.get()],
      (all) => {
        for (const status of all)
          expect(status).toMatchObject({ state: 'live', pending: 0, error: undefined })
      },
    )
    // Counted behind the merge, which may be seen first.
    await eventually(a.sync.get, (status) => expect(status).toMatchObject({ sent: 8, received: 4 }))
  })

  test('both type into the same text offline; connected, they show the same text and find it (R3)', async () => {
    const { url } = await start()
    const [a, b] = [await open(hub({ url })), await open(hub({ url }))]
    await a.append(openings(2))
    const [here, there] = [await a.views.notes.open('i1'), await b.views.notes.open('i1')]
    const [mine, yours] = [here.doc.getText('body'), there.doc.getText('body')]
    mine.insert(0, 'An issue of the anchor.')
    await eventually(
      () => yours.toJSON(),
      (text) => expect(text).toBe('An issue of the anchor.'),
    )
    await Promise.all([a.sync.pause(), b.sync.pause()])
    await Promise.all([becomes(a, 'paused'), becomes(b, 'paused')])
    mine.insert(0, 'Ann: ')
    yours.insert(yours.length, ' Bob: it drags.')
    await Promise.all([here.flush(), there.flush()])
    expect(mine.toJSON()).not.toBe(yours.toJSON())
    await Promise.all([a.sync.resume(), b.sync.resume()])
    await eventually(
      () => [mine.toJSON(), yours.toJSON()],
      (texts) => {
        expect(texts).toEqual(Array(2).fill('Ann: An issue of the anchor. Bob: it drags.'))
      },
    )
    await eventually(
      async () => [await shownBy(a), await shownBy(b)],
      ([left, right]) => expect(left).toEqual(right),
    )
    const { hits } = await b.views.titles.search('drags')
    expect(hits.map(({ key }) => key)).toEqual(['i1'])
  })

  test('a receipt of one answers on the other once the commit has come and is folded (D1)', async () => {
    const { url } = await start()
    const [a, b] = [await open(hub({ url })), await open(hub({ url }))]
    await becomes(b, 'live')
    const receipt = await a.append(Opened({ id: 'x', title: 'Crash', points: 3 }))
    expect(await b.views.issues.get('x', { atLeast: structuredClone(receipt) })).toMatchObject({
      title: 'Crash',
    })
    await b.settled({ atLeast: receipt })
    expect(await b.views.points.get('open', { atLeast: receipt })).toEqual({ issues: 1, points: 3 })
  })

  test('a receipt of a commit that does not come is refused at the deadline; what is none, at once (D4)', async () => {
    const { url } = await start()
    const [a, b] = [await open(hub({ url })), await open(hub({ url }))]
    await a.sync.pause()
    const receipt = await a.append(openings(1))
    expect(await refusalOf(b.views.issues.get('i0', { atLeast: receipt, deadlineMs: 80 }))).toMatchObject({
      code: 'BEHIND_RECEIPT',
      facts: { replica: receipt.replica },
    })
    const forged = { ...receipt, replica: 'nobody' as typeof receipt.replica }
    expect(await refusalOf(b.settled({ atLeast: forged }))).toMatchObject({ code: 'QUERY_INVALID' })
    const stop = new AbortController()
    const waiting = refusalOf(b.views.issues.get('i0', { atLeast: receipt, signal: stop.signal }))
    stop.abort()
    expect(await waiting).toMatchObject({ code: 'ABORTED' })
  })

  test('a hub that goes away leaves them usable; they catch up by themselves when it is back', async () => {
    const store = memoryStore()
    const first = await start({ store })
    const [a, b] = [await open(hub({ url: first.url })), await open(hub({ url: first.url }))]
    await a.sync.reached(await a.append(openings(2)), 'hub')
    await eventually(
      () => b.views.issues.count('key'),
      (n) => expect(n).toBe(2),
    )
    const early = store.backup()
    await b.sync.reached(await b.append(openings(2, 2)), 'hub')
    await eventually(
      () => a.views.issues.count('key'),
      (n) => expect(n).toBe(4),
    )
    await first.close()
    await becomes(a, 'offline')
    const receipt = await a.append(openings(1, 4))
    expect(await a.views.issues.get('i4', { atLeast: receipt })).toMatchObject({ title: 'Issue 4' })
    await eventually(a.sync.get, (status) =>
      expect(status).toMatchObject({ pending: 1, retryInMs: expect.any(Number) }),
    )
    // It comes back from a backup, without what it was sent last.
    const restored = memoryStore(early)
    await startAt(first, restored)
    await a.sync.reached(receipt, 'hub')
    await eventually(
      () => b.views.issues.count('key'),
      (n) => expect(n).toBe(5),
    )
    await eventually(
      () => restored.backup().workspaces.get('tracker')?.commits.length,
      (n) => expect(n).toBe(3),
    )
  })

  test('what a restored hub has lost it gets from another device while its author is away, and still knows whose it is (R1)', async () => {
    const store = memoryStore()
    const first = await start({ store, authenticate })
    const as = (sub: string): SyncSpec =>
      hub({ url: first.url, workspace: 'garden', token: () => signToken({ sub, rights: RELAYING }) })
    const early = store.backup()
    const ann = await open(as('ann'))
    const ben = await open(as('ben'))
    const { replica } = await ann.append(openings(2))
    await eventually(
      () => ben.views.issues.count('key'),
      (n) => expect(n).toBe(2),
    )
    await eventually(ben.sync.get, (status) => expect(status).toMatchObject({ state: 'live', received: 2 }))
    await ann.close()
    await first.close()
    const restored = memoryStore(early)
    await startAt(first, restored, { authenticate })
    await eventually(
      () => restored.backup().workspaces.get('garden')?.replicas.get(replica),
      (state) => expect(state).toMatchObject({ subject: 'ann', sequence: 2 }),
    )
    const cleo = await open(as('cleo'))
    await eventually(
      () => cleo.views.issues.count('key'),
      (n) => expect(n).toBe(2),
    )
  })
})

describe('a receipt reaches the hub', () => {
  test('once the hub has stored it, and not before; also after a reload (R8)', async () => {
    const { url } = await start()
    const name = drawName()
    const a = await open(hub({ url }), { name })
    await a.sync.pause()
    await becomes(a, 'paused')
    const receipt = await a.append(openings(2))
    expect(await refusalOf(a.sync.reached(receipt, 'hub', { deadlineMs: 50 }))).toMatchObject({
      code: 'DEADLINE',
    })
    await a.close()
    const again = await open(hub({ url }), { name })
    await becomes(again, 'paused')
    const reaching = again.sync.reached(structuredClone(receipt), 'hub')
    await again.sync.resume()
    await reaching
    const other = await open(hub({ url }))
    expect(await other.views.issues.get('i1', { atLeast: receipt })).toBeDefined()
    // On the other device, too: the hub has it, and that is what it got it from.
    await other.sync.reached(receipt, 'hub')
  })

  test('rejects with the code of the refusal when the token gives no right to append; receiving goes on', async () => {
    const { url } = await start({ authenticate })
    const reader = hub({ url, workspace: 'garden', token: () => signToken({ sub: 'bob', rights: ['read'] }) })
    const a = await open(hub({ url, workspace: 'garden', token: () => signToken() }))
    const b = await open(reader)
    await becomes(b, 'live')
    const receipt = await b.append(openings(1))
    expect(await refusalOf(b.sync.reached(receipt, 'hub'))).toMatchObject({ code: 'FORBIDDEN' })
    // Who asks next sees what it was refused for.
    expect(b.sync.get().refused).toHaveLength(1)
    const later = await b.append(openings(1, 1))
    expect(await refusalOf(b.sync.reached(later, 'hub'))).toMatchObject({ code: 'FORBIDDEN' })
    await eventually(b.sync.get, ({ refused }) => {
      expect(refused).toMatchObject([
        { replica: receipt.replica, firstSequence: 1, error: { code: 'FORBIDDEN' } },
      ])
    })
    const fromA = await a.append(Opened({ id: 'a', title: 'From Ann', points: 1 }))
    expect(await b.views.issues.get('a', { atLeast: fromA })).toMatchObject({ title: 'From Ann' })
    expect(await refusalOf(b.destroy())).toMatchObject({ code: 'UNSENT' })
  })

  test('once the token gives the right, resume sends what was refused', async () => {
    const { url } = await start({ authenticate })
    let rights = ['read']
    const token = (): Promise<string> => signToken({ sub: 'bob', rights })
    const b = await open(hub({ url, workspace: 'garden', token }))
    await becomes(b, 'live')
    const receipt = await b.append(openings(1))
    expect(await refusalOf(b.sync.reached(receipt, 'hub'))).toMatchObject({ code: 'FORBIDDEN' })
    rights = ['read', 'append']
    await b.sync.resume()
    await eventually(b.sync.get, (status) => expect(status).toMatchObject({ refused: [], pending: 0 }))
    await b.sync.reached(receipt, 'hub')
  })

  test('when the network is back, the next try does not wait (R7)', async () => {
    const { url } = await start()
    const real = nodePlatform()
    let isDown = true
    let cameBack = (): void => undefined
    // The longest first wait that there is, and it never ends.
    const platform: Platform = {
      ...real,
      random: { bytes: (length) => (length === 3 ? new Uint8Array(3).fill(255) : real.random.bytes(length)) },
      scheduler: {
        ...real.scheduler,
        after: (delayMs, run) =>
          Math.abs(delayMs - 500) < 1 ? () => undefined : real.scheduler.after(delayMs, run),
      },
      openSocket: (to) => real.openSocket(isDown ? 'ws://127.0.0.1:9' : to),
      onOnline: (listener) => {
        cameBack = listener
        return () => undefined
      },
    }
    const a = await open(hub({ url }), { platform })
    await eventually(a.sync.get, ({ retryInMs }) => expect(retryInMs).toBeGreaterThan(499))
    isDown = false
    cameBack()
    await becomes(a, 'live')
  })

  test('a wait is ended by its signal (D4)', async () => {
    const a = await open(hub({ url: 'ws://127.0.0.1:9' }))
    const stop = new AbortController()
    const waiting = refusalOf(a.sync.reached(await a.append(openings(1)), 'hub', { signal: stop.signal }))
    stop.abort()
    expect(await waiting).toMatchObject({ code: 'ABORTED' })
  })
})

describe('tokens', () => {
  test('are asked for at each connection, and may come late', async () => {
    const { url } = await start({ authenticate })
    let asked = 0
    const token = async (): Promise<string> => {
      asked++
      return signToken()
    }
    const a = await open(hub({ url, workspace: 'garden', token }))
    await becomes(a, 'live')
    expect(asked).toBe(1)
    await a.sync.pause()
    await becomes(a, 'paused')
    await a.sync.resume()
    await becomes(a, 'live')
    expect(asked).toBe(2)
  })

  test('a workspace that can be none is refused by name, and another may be tried', async () => {
    const { url } = await start({ authenticate })
    const token = (): Promise<string> => signToken({ workspace: '*' })
    const name = drawName()
    const a = await open(hub({ url, workspace: 'my team', token }), { name })
    await becomes(a, 'refused')
    expect(a.sync.get().error).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('"my team"'),
    })
    await a.close()
    await becomes(await open(hub({ url: `${url}#sync`, workspace: 'my-team', token }), { name }), 'live')
  })

  test('a workspace that is not open to it is refused by name, and another may be tried', async () => {
    const { url } = await start({ authenticate })
    const token = (): Promise<string> => signToken({ workspace: 'garden' })
    const name = drawName()
    const a = await open(hub({ url, workspace: 'gardn', token }), { name })
    await a.append(openings(1))
    await becomes(a, 'refused')
    expect(a.sync.get().error).toMatchObject({ code: 'FORBIDDEN' })
    await a.close()
    const again = await open(hub({ url, workspace: 'garden', token }), { name })
    await eventually(again.sync.get, (status) => expect(status).toMatchObject({ state: 'live', pending: 0 }))
  })

  test('one that does not hold is refused by name; nothing is tried until resume', async () => {
    const { url } = await start({ authenticate })
    let token = await signToken({ expiresInS: -60 })
    const a = await open(hub({ url, workspace: 'garden', token: () => token }))
    await becomes(a, 'refused')
    expect(a.sync.get().error).toMatchObject({ code: 'UNAUTHORIZED' })
    token = await signToken()
    await a.sync.resume()
    await becomes(a, 'live')
  })

  test('one that expires ends the session; the next connection asks for another and goes on', async () => {
    const { url } = await start({ authenticate })
    let asked = 0
    const token = (): Promise<string> => signToken({ expiresInS: ++asked === 1 ? 2 : 600 })
    const a = await open(hub({ url, workspace: 'garden', token }))
    await becomes(a, 'live')
    await eventually(
      () => asked,
      (times) => expect(times).toBeGreaterThan(1),
    )
    await becomes(a, 'live')
    await a.sync.reached(await a.append(openings(1)), 'hub')
  })

  test('an app that has none is tried again; one that says UNAUTHORIZED is not', async () => {
    const { url } = await start({ authenticate })
    let asked = 0
    const a = await open(
      hub({
        url,
        workspace: 'garden',
        token: () => {
          if (++asked < 3) throw new Error('not signed in yet')
          return signToken()
        },
      }),
    )
    await becomes(a, 'live')
    const b = await open(
      hub({
        url,
        token: () => {
          throw new HeadwaterError('UNAUTHORIZED', 'Signed out.', { hint: 'Sign in.' })
        },
      }),
    )
    await becomes(b, 'refused')
    expect(b.sync.get().error).toMatchObject({ code: 'UNAUTHORIZED', message: 'Signed out.' })
  })
})

describe('destroying', () => {
  test('is refused while commits are unsent, and leaves the database open; forced, it is done', async () => {
    const { url } = await start()
    const name = drawName()
    const a = await open(hub({ url }), { name })
    await a.sync.pause()
    const receipt = await a.append(openings(1))
    expect(await refusalOf(a.destroy())).toMatchObject({ code: 'UNSENT' })
    expect(await a.views.issues.get('i0', { atLeast: receipt })).toBeDefined()
    await a.sync.resume()
    await a.sync.reached(receipt, 'hub')
    await a.destroy()
    const again = await open(hub({ url: 'ws://127.0.0.1:9' }), { name })
    expect(again.status.get().log.head).toBe(0)
    await again.append(openings(1))
    await again.destroy({ force: true })
  })

  test('what was typed a moment ago counts as well', async () => {
    const { url } = await start()
    const a = await open(hub({ url }))
    await a.sync.pause()
    const { doc } = await a.views.notes.open('n')
    doc.getText('body').insert(0, 'typed')
    expect(await refusalOf(a.destroy())).toMatchObject({ code: 'UNSENT' })
    doc.getText('body').insert(0, 'still ')
    expect(doc.getText('body').toJSON()).toBe('still typed')
  })

  test('what was imported counts as well', async () => {
    const { url } = await start()
    const a = await open(hub({ url }))
    await a.sync.pause()
    await a.importEvents('{"type":"issue.opened","data":{"id":"f","title":"From a file","points":1}}')
    expect(await refusalOf(a.destroy())).toMatchObject({ code: 'UNSENT', facts: { pending: 1 } })
    await a.sync.resume()
    await becomes(a, 'live')
    await a.destroy()
    const b = await open(hub({ url }))
    await eventually(
      () => b.views.issues.count('key'),
      (n) => expect(n).toBe(1),
    )
  })

  test('another device, whose commits came from the hub, may be destroyed at once', async () => {
    const { url } = await start()
    const [a, b] = [await open(hub({ url })), await open(hub({ url }))]
    await a.append(openings(3))
    await eventually(
      () => b.views.issues.count('key'),
      (n) => expect(n).toBe(3),
    )
    await b.destroy()
  })
})

test('a log belongs to the workspace of its first hub; another is refused before anything is sent', async () => {
  const { url } = await start()
  const name = drawName()
  const a = await open(hub({ url, workspace: 'one' }), { name })
  await becomes(a, 'live')
  await a.close()
  const again = await open(hub({ url, workspace: 'two' }), { name })
  await becomes(again, 'refused')
  expect(again.sync.get().error).toMatchObject({ code: 'WORKSPACE_MISMATCH' })
})
