// Replicas over memory logs, on virtual time: against a hub that is a list, and against each other.

import { HeadwaterError, type MemoryStore, ORIGIN } from '@headwater/log'
import { describe, expect, test } from 'vitest'
import { standingSequences } from './naive-hub.ts'
import { cloneStore, createSyncWorld, type Device, type SyncWorld } from './world.ts'

const vectorOf = async (device: Device): Promise<Record<string, number>> =>
  (await device.log.vector()).toJSON()

async function expectEqual(world: SyncWorld, devices: readonly Device[]): Promise<void> {
  const hub = Object.fromEntries([...standingSequences(world.hub)].sort(([a], [b]) => (a < b ? -1 : 1)))
  const texts = [...(await devices[0]!.texts())].sort()
  for (const device of devices) {
    expect(await vectorOf(device), device.name).toEqual(hub)
    expect([...(await device.texts())].sort(), device.name).toEqual(texts)
  }
}

describe('with a hub', () => {
  test('what one writes, offline and online, the other has, and both are live (R1, R3)', async () => {
    const world = createSyncWorld(1)
    const [a, b] = [world.device('a'), world.device('b')]
    for (let i = 0; i < 5; i++) await a.write('x', `a${i}`)
    const [ra, rb] = [a.connect(world.hubTransport), b.connect(world.hubTransport)]
    await world.time.pass(2_000)
    expect([ra.status.state, rb.status.state]).toEqual(['live', 'live'])
    await b.write('x', 'b0')
    await a.write('x', 'a5')
    await world.time.pass(2_000)
    await expectEqual(world, [a, b])
    expect(ra.status).toMatchObject({ sent: 6, received: 1, pending: 0, acknowledged: a.log.head })
    expect(rb.status).toMatchObject({ sent: 1, received: 6, pending: 0, acknowledged: b.log.head })
  })

  test('progress is kept across a restart, and a resume reads nothing again (R7)', async () => {
    const world = createSyncWorld(2)
    const [a, b] = [world.device('a'), world.device('b')]
    for (let i = 0; i < 20; i++) await a.write('x', `a${i}`)
    a.connect(world.hubTransport)
    const first = b.connect(world.hubTransport)
    await world.time.pass(5_000)
    await first.close()
    await b.crash()
    const reads: number[] = []
    const read = world.hub.source.read.bind(world.hub.source)
    Object.assign(world.hub.source, {
      read: (after: never, request: never) => {
        reads.push(after)
        return read(after, request)
      },
    })
    const again = b.connect(world.hubTransport)
    await world.time.pass(2_000)
    expect(again.status).toMatchObject({ state: 'live', received: 20, pending: 0 })
    expect(reads).toEqual([20])
  })

  test('a connection that is cut at every frame in turn loses nothing and repeats nothing (R1, R2, R7)', async () => {
    for (let frames = 1; frames <= 24; frames++) {
      const world = createSyncWorld(frames)
      const [a, b] = [world.device('a'), world.device('b')]
      for (let i = 0; i < 4; i++) await a.write('x', `a${i}`)
      await b.write('x', 'b0')
      world.network.cutAfter(frames)
      a.connect(world.hubTransport)
      b.connect(world.hubTransport)
      await world.time.pass(20_000)
      await a.write('x', 'later')
      await world.time.pass(20_000)
      await expectEqual(world, [a, b])
      expect((await b.texts()).length, `cut after ${frames}`).toBe(6)
      expect(world.hub.commits.length).toBe(6)
    }
  })

  test('two connections of one replica at once store nothing twice (R2)', async () => {
    const world = createSyncWorld(3)
    const [a, b] = [world.device('a'), world.device('b')]
    for (let i = 0; i < 9; i++) await a.write('x', `a${i}`)
    for (const channel of ['one', 'two']) {
      a.connect(world.hubTransport, { channel })
      b.connect(world.hubTransport, { channel })
    }
    await world.time.pass(1_000)
    await b.write('x', 'b')
    await world.time.pass(5_000)
    await expectEqual(world, [a, b])
    expect(world.hub.commits.length).toBe(10)
  })

  test('a hub restored from an older backup gets again what it lost (R1)', async () => {
    const world = createSyncWorld(4)
    const [a, b] = [world.device('a'), world.device('b')]
    const [ra, rb] = [a.connect(world.hubTransport), b.connect(world.hubTransport)]
    for (let i = 0; i < 6; i++) await (i % 2 ? a : b).write('x', `${i}`)
    await world.time.pass(5_000)
    ra.pause('test')
    rb.pause('test')
    await world.time.pass(1_000)
    world.hub.restore(4)
    await a.write('x', 'meanwhile')
    ra.resume('test')
    rb.resume('test')
    await world.time.pass(10_000)
    await expectEqual(world, [a, b])
    expect(await a.texts()).toHaveLength(7)
    expect(ra.status).toMatchObject({ state: 'live', pending: 0 })
  })

  test('a replica that lost its tail takes it back before it sends (R1)', async () => {
    const world = createSyncWorld(5)
    const a = world.device('a')
    await a.write('x', 'kept')
    const backup = cloneStore(a.store, world.random)
    await a.write('x', 'lost 1')
    await a.write('x', 'lost 2')
    const first = a.connect(world.hubTransport)
    await world.time.pass(5_000)
    await first.close()
    const restored = world.device('a again', backup)
    const again = restored.connect(world.hubTransport)
    await world.time.pass(5_000)
    expect(await restored.texts()).toEqual(['kept', 'lost 1', 'lost 2'])
    await restored.write('x', 'new')
    await world.time.pass(5_000)
    await expectEqual(world, [restored])
    expect(again.status).toMatchObject({ state: 'live', pending: 0 })
    expect(world.hub.commits.map(({ replica }) => replica)).toEqual(Array(4).fill(restored.log.replica))
  })

  test('when it wrote there meanwhile, it writes that again under a new id (R1, R2)', async () => {
    const world = createSyncWorld(6)
    const [a, other] = [world.device('a'), world.device('other')]
    await a.write('x', 'kept')
    const backup = cloneStore(a.store, world.random)
    await a.write('x', 'lost')
    const first = a.connect(world.hubTransport)
    other.connect(world.hubTransport)
    await world.time.pass(5_000)
    await first.close()
    const restored = world.device('a again', backup)
    const before = restored.log.replica
    await restored.write('x', 'meanwhile')
    restored.connect(world.hubTransport)
    await world.time.pass(10_000)
    expect(restored.log.replica).not.toBe(before)
    expect([...(await restored.texts())].sort()).toEqual(['kept', 'lost', 'meanwhile'])
    await expectEqual(world, [restored, other])
  })

  test("of a cloned profile the hub's branch stands, the other is reissued, also on bystanders (R1, R2)", async () => {
    const world = createSyncWorld(7)
    const [a, bystander] = [world.device('a'), world.device('bystander')]
    for (let i = 0; i < 3; i++) await a.write('x', `common ${i}`)
    const clone = world.device('clone', cloneStore(a.store, world.random))
    for (let i = 0; i < 4; i++) await a.write('x', `a ${i}`)
    for (let i = 0; i < 2; i++) await clone.write('x', `clone ${i}`)
    for (const device of [a, bystander]) device.connect(world.hubTransport)
    await world.time.pass(10_000)
    clone.connect(world.hubTransport)
    await world.time.pass(10_000)
    await expectEqual(world, [a, clone, bystander])
    expect(await bystander.texts()).toHaveLength(9)
    expect(clone.log.replica).not.toBe(a.log.replica)
  })

  test('a stamp that the hub refuses is stamped anew by its time, and later ones are right at once (R1)', async () => {
    const world = createSyncWorld(8)
    const [a, b] = [world.device('a'), world.device('b')]
    a.clock.ms += 3_600_000
    await a.write('x', 'ahead')
    const [ra] = [a.connect(world.hubTransport), b.connect(world.hubTransport)]
    await world.time.pass(10_000)
    await expectEqual(world, [a, b])
    const replica = a.log.replica
    await a.write('x', 'later')
    await world.time.pass(5_000)
    await expectEqual(world, [a, b])
    expect(a.log.replica).toBe(replica)
    expect(await b.texts()).toEqual(['ahead', 'later'])
    expect(ra.status).toMatchObject({ state: 'live', pending: 0, refused: [] })
  })

  test('a device whose clock is days behind takes what the hub has', async () => {
    const world = createSyncWorld(9)
    const [a, b] = [world.device('a'), world.device('b')]
    b.clock.ms -= 3 * 86_400_000
    await a.write('x', 'now')
    a.connect(world.hubTransport)
    const rb = b.connect(world.hubTransport)
    await world.time.pass(5_000)
    await b.write('x', 'behind')
    await world.time.pass(5_000)
    await expectEqual(world, [a, b])
    expect(rb.status.state).toBe('live')
  })

  test('a commit without rights stays here, is listed, and nothing waits for it', async () => {
    const world = createSyncWorld(10)
    const [a, b] = [world.device('a'), world.device('b')]
    world.hub.forbidden.add(a.log.replica)
    await a.write('x', 'mine')
    await a.write('y', 'mine, too')
    await b.write('x', 'theirs')
    const [ra] = [a.connect(world.hubTransport), b.connect(world.hubTransport)]
    await world.time.pass(5_000)
    expect(await a.texts()).toEqual(['mine', 'mine, too', 'theirs'])
    expect(await b.texts()).toEqual(['theirs'])
    expect(ra.status).toMatchObject({
      state: 'live',
      sent: 0,
      refused: [{ code: 'FORBIDDEN', replica: a.log.replica }],
    })
    expect(ra.status.pending).toBeGreaterThan(0)
    world.hub.forbidden.clear()
    await world.time.pass(60_000)
    expect(ra.status.refused).toHaveLength(1)
    ra.resume('there is a right now')
    await world.time.pass(5_000)
    await expectEqual(world, [a, b])
    expect(ra.status).toMatchObject({ refused: [], pending: 0, sent: 2 })
  })

  test("another's commits that the hub refused are no hindrance to what comes from their author (R3)", async () => {
    const world = createSyncWorld(35)
    const [a, b] = [world.device('a'), world.device('b')]
    const bring = async (): Promise<void> => {
      const { commits } = await a.log.readChained(ORIGIN)
      const previous = commits.map((commit) => commit.previous)
      await b.log.merge(
        commits.map(({ bytes }) => bytes),
        { previous },
      )
    }
    await a.write('x', 'in a file')
    await bring()
    world.hub.forbidden.add(a.log.replica)
    const rb = b.connect(world.hubTransport)
    await world.time.pass(5_000)
    expect(rb.status).toMatchObject({
      state: 'live',
      refused: [{ replica: a.log.replica, firstSequence: 1 }],
    })
    await a.write('x', 'in another file')
    await bring()
    world.hub.forbidden.clear()
    const ra = a.connect(world.hubTransport)
    await world.time.pass(5_000)
    await a.write('x', 'later')
    await world.time.pass(5_000)
    await expectEqual(world, [a, b])
    expect(rb.status).toMatchObject({ state: 'live', refused: [], pending: 0, lastError: undefined })
    // What is refused from then on is listed again.
    await ra.close()
    world.hub.forbidden.add(a.log.replica)
    await a.write('x', 'in a last file')
    await bring()
    await world.time.pass(5_000)
    expect(rb.status.refused).toMatchObject([{ replica: a.log.replica, firstSequence: 4 }])
  })

  test('a commit whose body is no JSON is not taken, and named; what others wrote comes (R7)', async () => {
    const world = createSyncWorld(27)
    const [a, b, c] = [world.device('a'), world.device('b'), world.device('c')]
    await a.write('x', 'spoilt')
    a.connect(world.hubTransport)
    await world.time.pass(5_000)
    // The hub, which reads no bodies, has it so.
    const { bytes } = world.hub.commits[0]!
    bytes[bytes.length - 3] = 0x01
    await a.write('x', 'behind it')
    await b.write('x', 'sound')
    b.connect(world.hubTransport)
    const rc = c.connect(world.hubTransport)
    await world.time.pass(60_000)
    expect(await c.texts()).toEqual(['sound'])
    const lastError = { code: 'COMMIT_DAMAGED', facts: { replica: a.log.replica, firstSequence: 1 } }
    expect(rc.status).toMatchObject({ state: 'live', lastError })
    await b.write('x', 'sound, too')
    await world.time.pass(1_000)
    expect(await c.texts()).toEqual(['sound', 'sound, too'])
  })

  test('a commit that was spoilt on its way comes right by itself (R7)', async () => {
    const world = createSyncWorld(28)
    const [a, c] = [world.device('a'), world.device('c')]
    await a.write('x', 'sound')
    a.connect(world.hubTransport)
    await world.time.pass(5_000)
    const { bytes } = world.hub.commits[0]!
    const right = bytes[bytes.length - 3]!
    bytes[bytes.length - 3] = 0x01
    const rc = c.connect(world.hubTransport)
    while (rc.status.lastError?.code !== 'COMMIT_DAMAGED') await world.time.pass(1)
    bytes[bytes.length - 3] = right
    await world.time.pass(2_000)
    expect(await c.texts()).toEqual(['sound'])
    expect(rc.status).toMatchObject({ state: 'live', lastError: undefined })
  })

  test('a log belongs to the workspace of its first hello', async () => {
    const world = createSyncWorld(11)
    const a = world.device('a')
    await a.write('x', 'secret')
    const first = a.connect(world.hubTransport)
    await world.time.pass(5_000)
    await first.close()
    const stored = world.hub.commits.length
    world.hub.workspace = 'other'
    await a.write('x', 'also secret')
    const again = a.connect(world.hubTransport)
    await world.time.pass(60_000)
    expect(again.status).toMatchObject({ state: 'refused', lastError: { code: 'WORKSPACE_MISMATCH' } })
    expect(world.hub.commits.length).toBe(stored)
    const elsewhere = a.connect(world.hubTransport, { workspace: 'third', channel: 'third' })
    await world.time.pass(1_000)
    expect(elsewhere.status).toMatchObject({ state: 'refused', lastError: { code: 'WORKSPACE_MISMATCH' } })
  })

  test('a workspace that the hub does not take binds nothing; one that answers binds before anything is sent', async () => {
    const world = createSyncWorld(29)
    const a = world.device('a')
    await a.write('x', 'secret')
    world.hub.authenticate = () => {
      throw new HeadwaterError('FORBIDDEN', 'It is not for this workspace.', { hint: 'Take another.' })
    }
    const misspelt = a.connect(world.hubTransport, { workspace: 'acmee' })
    await world.time.pass(5_000)
    expect(misspelt.status).toMatchObject({ state: 'refused', lastError: { code: 'FORBIDDEN' } })
    await misspelt.close()

    world.hub.authenticate = () => undefined
    const set = a.log.notes.set.bind(a.log.notes)
    Object.assign(a.log.notes, { set: () => Promise.reject(new Error('the disk is full')) })
    const right = a.connect(world.hubTransport, { workspace: 'acme' })
    await world.time.pass(5_000)
    expect([world.hub.commits.length, right.status.lastError?.message]).toEqual([0, 'the disk is full'])
    Object.assign(a.log.notes, { set })
    await world.time.pass(40_000)
    expect([world.hub.commits.length, right.status.state]).toEqual([1, 'live'])
    const elsewhere = a.connect(world.hubTransport, { workspace: 'third', channel: 'third' })
    await world.time.pass(1_000)
    expect(elsewhere.status).toMatchObject({ state: 'refused', lastError: { code: 'WORKSPACE_MISMATCH' } })
  })

  test('what was written for a workspace that no hub has answered for goes to no other', async () => {
    const world = createSyncWorld(30)
    const a = world.device('a')
    await a.write('x', 'secret')
    const unanswered = a.connect(
      world.network.to(() => undefined),
      { workspace: 'mine' },
    )
    await world.time.pass(5_000)
    await unanswered.close()
    const theirs = a.connect(world.hubTransport, { workspace: 'acme' })
    await world.time.pass(5_000)
    expect(theirs.status).toMatchObject({ state: 'refused', lastError: { code: 'WORKSPACE_MISMATCH' } })
    expect(world.hub.commits).toHaveLength(0)
    await theirs.close()
    world.hub.workspace = 'mine'
    const mine = a.connect(world.hubTransport, { workspace: 'mine' })
    await world.time.pass(5_000)
    expect([world.hub.commits.length, mine.status.state]).toEqual([1, 'live'])
  })

  test('a log that crashes at any moment goes on from its store (R7)', async () => {
    for (let seed = 1; seed <= 15; seed++) {
      const world = createSyncWorld(100 + seed)
      const [a, b] = [world.device('a'), world.device('b')]
      for (let i = 0; i < 6; i++) await a.write('x', `a${i}`)
      a.connect(world.hubTransport)
      b.connect(world.hubTransport)
      await world.time.pass(seed * 7)
      await b.crash()
      await a.crash()
      world.network.cut()
      await b.write('x', 'after')
      a.connect(world.hubTransport)
      b.connect(world.hubTransport)
      await world.time.pass(40_000)
      await expectEqual(world, [a, b])
      expect(await a.texts()).toHaveLength(7)
    }
  })
})

describe('paused, refused, offline', () => {
  test('reasons add up, and nothing goes while one is left', async () => {
    const world = createSyncWorld(20)
    const a = world.device('a')
    const replicator = a.connect(world.hubTransport)
    await world.time.pass(2_000)
    replicator.pause('user')
    replicator.pause('battery')
    await world.time.pass(1_000)
    expect(replicator.status).toMatchObject({ state: 'paused', reasons: ['user', 'battery'] })
    await a.write('x', 'waits')
    replicator.resume('user')
    await world.time.pass(60_000)
    expect(world.hub.commits).toHaveLength(0)
    expect(replicator.status).toMatchObject({ state: 'paused', reasons: ['battery'], pending: 1 })
    replicator.resume('battery')
    await world.time.pass(2_000)
    expect(replicator.status).toMatchObject({ state: 'live', reasons: [], pending: 0 })
  })

  test('while the hub cannot be reached it tries again, at most every 30 s, with jitter (R7)', async () => {
    const world = createSyncWorld(21)
    const a = world.device('a')
    world.network.isDown = true
    let tries = 0
    const counting = {
      connect: (signal: AbortSignal) => {
        tries += 1
        return world.hubTransport.connect(signal)
      },
    }
    const replicator = a.connect(counting)
    await world.time.pass(600_000)
    expect(replicator.status).toMatchObject({ state: 'offline' })
    expect(tries).toBeGreaterThan(20)
    expect(tries).toBeLessThan(90)
    world.network.isDown = false
    await world.time.pass(31_000)
    expect(replicator.status.state).toBe('live')
  })

  test('when the network is back it does not wait; who is paused or refused stays so (R7)', async () => {
    const world = createSyncWorld(26)
    world.network.isDown = true
    const replicator = world.device('a').connect(world.hubTransport)
    while ((replicator.status.retryInMs ?? 0) < 5_000) await world.time.pass(100)
    world.network.isDown = false
    replicator.hurry()
    await world.time.pass(1_000)
    expect(replicator.status.state).toBe('live')
    replicator.pause('user')
    await world.time.pass(100)
    replicator.hurry()
    await world.time.pass(1_000)
    expect(replicator.status.state).toBe('paused')
    world.hub.authenticate = () => {
      throw unauthorized()
    }
    replicator.resume('user')
    await world.time.pass(1_000)
    world.hub.authenticate = () => undefined
    replicator.hurry()
    await world.time.pass(1_000)
    expect(replicator.status.state).toBe('refused')
  })

  test('a hub that falls silent is left and found again (R7)', async () => {
    const world = createSyncWorld(22)
    const a = world.device('a')
    const silent = { connect: (signal: AbortSignal) => world.network.to(() => undefined).connect(signal) }
    const replicator = a.connect(silent)
    await world.time.pass(6_000)
    expect(replicator.status.lastError).toMatchObject({ code: 'PEER_SILENT' })
    expect(['offline', 'connecting']).toContain(replicator.status.state)
  })

  test('a token that does not come, and one that no hello can carry, are said to be what is missing', async () => {
    const world = createSyncWorld(24)
    const late = world.device('a').connect(world.hubTransport, { token: () => new Promise(() => undefined) })
    const long = world.device('b').connect(world.hubTransport, { token: () => 'é'.repeat(10_000) })
    await world.time.pass(21_000)
    expect(late.status.lastError).toMatchObject({
      code: 'HUB_UNREACHABLE',
      message: expect.stringMatching(/token/),
    })
    expect(long.status).toMatchObject({
      state: 'refused',
      lastError: { code: 'UNAUTHORIZED', message: expect.stringMatching(/20000 bytes/) },
    })
  })

  test('a log is not bound to what can be no workspace', async () => {
    const world = createSyncWorld(25)
    const a = world.device('a')
    for (const workspace of ['my team', 'für', '/x', 'x'.repeat(300)]) {
      const refused = a.connect(world.hubTransport, { workspace })
      await world.time.pass(1_000)
      expect(refused.status).toMatchObject({ state: 'refused', lastError: { code: 'FORBIDDEN' } })
      await refused.close()
    }
    world.hub.workspace = 'team'
    const right = a.connect(world.hubTransport, { workspace: 'team' })
    await world.time.pass(1_000)
    expect(right.status.state).toBe('live')
  })

  test('a token that does not hold is refused by name; one that expired is asked for again', async () => {
    const world = createSyncWorld(23)
    const a = world.device('a')
    await a.write('x', 'one')
    world.hub.authenticate = (token) => {
      if (token !== 'good') throw unauthorized()
    }
    let token = 'bad'
    const replicator = a.connect(world.hubTransport, { token: async () => token })
    await world.time.pass(60_000)
    expect(replicator.status).toMatchObject({ state: 'refused', lastError: { code: 'UNAUTHORIZED' } })
    expect(world.hub.commits).toHaveLength(0)
    token = 'good'
    replicator.resume('signed in')
    await world.time.pass(5_000)
    expect(replicator.status.state).toBe('live')
    for (const session of world.hub.sessions) session.close(unauthorized())
    await world.time.pass(5_000)
    expect(replicator.status.state).toBe('live')
  })

  test('who asks for another try while one is under way has one that begins later', async () => {
    const world = createSyncWorld(36)
    const a = world.device('a')
    world.hub.authenticate = (token) => {
      if (token !== 'good') throw unauthorized()
    }
    let token = 'bad'
    const replicator = a.connect(world.hubTransport, { token: () => token })
    await world.time.pass(2)
    expect(replicator.status.state).toBe('connecting')
    token = 'good'
    replicator.resume('signed in')
    await world.time.pass(2_000)
    expect(replicator.status.state).toBe('live')
  })

  test('a pause that is taken back at once is no failure', async () => {
    const world = createSyncWorld(37)
    const replicator = world.device('a').connect(world.hubTransport)
    await world.time.pass(2_000)
    const seen: unknown[] = []
    replicator.subscribe(({ state, lastError }) => seen.push(lastError?.message ?? state))
    replicator.pause('user')
    replicator.resume('user')
    await world.time.pass(2_000)
    expect([...new Set(seen)]).toEqual(['paused', 'connecting', 'catching-up', 'live'])
  })

  test('closing ends a session, a wait and a connection attempt, and is idempotent', async () => {
    const world = createSyncWorld(24)
    const a = world.device('a')
    const never = {
      connect: (signal: AbortSignal) =>
        new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    }
    const replicators = [a.connect(world.hubTransport), a.connect(never, { channel: 'never' })]
    await world.time.pass(1_000)
    await Promise.all(replicators.map((replicator) => replicator.close()))
    await replicators[0]!.close()
    await world.time.pass(1_000)
    expect(world.hub.sessions.size).toBe(0)
  })
})

describe('between peers', () => {
  const meet = (world: SyncWorld, a: Device, b: Device, [ofA, ofB] = ['home', 'home']): void => {
    let accept: (connection: never) => void = () => undefined
    const waiting = { isPassive: true, connect: () => new Promise<never>((resolve) => (accept = resolve)) }
    const role = 'peer'
    b.connect(waiting, { role, workspace: ofB, channel: `nearby:${a.log.id}` })
    a.connect(
      world.network.to((connection) => accept(connection as never)),
      { role, workspace: ofA, channel: `nearby:${b.log.id}` },
    )
  }

  test('three in a row agree (R3)', async () => {
    const world = createSyncWorld(30)
    const [a, b, c] = [world.device('a'), world.device('b'), world.device('c')]
    for (const device of [a, b, c]) await device.write('x', device.name)
    meet(world, a, b)
    meet(world, b, c)
    await world.time.pass(20_000)
    const vectors = await Promise.all([a, b, c].map(vectorOf))
    expect(vectors[1]).toEqual(vectors[0])
    expect(vectors[2]).toEqual(vectors[0])
    expect(await c.texts()).toHaveLength(3)
  })

  test('of two branches the one with the lower hash stands, whoever meets whom first (R1, R2)', async () => {
    for (let seed = 40; seed < 48; seed++) {
      const world = createSyncWorld(seed)
      const a = world.device('a')
      await a.write('x', 'common')
      const clone = world.device('clone', cloneStore(a.store, world.random, otherId(world)))
      const bystander = world.device('bystander')
      await a.write('x', 'of a')
      await clone.write('x', 'of clone')
      if (seed % 2) await clone.write('x', 'of clone, too')
      meet(world, a, bystander)
      await world.time.pass(20_000)
      meet(world, clone, bystander)
      await world.time.pass(60_000)
      const texts = await Promise.all(
        [a, clone, bystander].map(async (device) => [...(await device.texts())].sort()),
      )
      expect(texts[0], `seed ${seed}`).toHaveLength(seed % 2 ? 4 : 3)
      expect(texts[1]).toEqual(texts[0])
      expect(texts[2]).toEqual(texts[0])
      const vectors = await Promise.all([a, clone, bystander].map(vectorOf))
      expect(vectors[1]).toEqual(vectors[0])
      expect(vectors[2]).toEqual(vectors[0])
    }
  })

  test('of two workspaces that answer at once a log belongs to one, and neither hears of the other', async () => {
    const world = createSyncWorld(52)
    const [a, b, c] = [world.device('a'), world.device('b'), world.device('c')]
    for (const device of [b, c]) await device.write('x', device.name)
    const { notes } = a.log
    const get = notes.get.bind(notes)
    const slow = async (name: string): ReturnType<typeof get> => {
      const found = await get(name)
      return new Promise((resolve) => world.time.scheduler.after(500, () => resolve(found)))
    }
    Object.assign(notes, { get: slow })
    meet(world, a, b, ['', 'one'])
    meet(world, a, c, ['', 'two'])
    await world.time.pass(10_000)
    expect([await b.texts(), await c.texts()]).toEqual([['b'], ['c']])
    expect(a.replicators.map(({ status }) => status.state).sort()).toEqual(['live', 'refused'])
  })

  test('whoever a log met before it had a workspace is of that workspace, too', async () => {
    const world = createSyncWorld(53)
    const [a, b, c] = [world.device('a'), world.device('b'), world.device('c')]
    await c.write('x', 'of one')
    meet(world, a, b, ['', ''])
    await world.time.pass(2_000)
    meet(world, b, c, ['', 'one'])
    await world.time.pass(10_000)
    expect(await a.texts()).toEqual(['of one'])
    expect(a.replicators[0]!.status.state).toBe('live')
    world.hub.workspace = 'two'
    const elsewhere = a.connect(world.hubTransport, { workspace: 'two' })
    await world.time.pass(1_000)
    expect(elsewhere.status).toMatchObject({ state: 'refused', lastError: { code: 'WORKSPACE_MISMATCH' } })
  })

  test('clocks over a day apart are refused, and nothing is stamped anew', async () => {
    const world = createSyncWorld(50)
    const [a, b] = [world.device('a'), world.device('b')]
    b.clock.ms += 2 * 86_400_000
    await b.write('x', 'future')
    const replica = b.log.replica
    meet(world, a, b)
    await world.time.pass(5_000)
    expect(a.replicators[0]!.status).toMatchObject({
      state: 'refused',
      lastError: { code: 'CLOCKS_DISAGREE' },
    })
    expect(b.log.replica).toBe(replica)
    expect(await a.texts()).toEqual([])
  })

  test('presence passes through and is not stored', async () => {
    const world = createSyncWorld(51)
    const [a, b] = [world.device('a'), world.device('b')]
    const heard: number[] = []
    let accept: (connection: never) => void = () => undefined
    const waiting = { isPassive: true, connect: () => new Promise<never>((resolve) => (accept = resolve)) }
    b.connect(waiting, { role: 'peer', channel: 'b', onPresence: (state) => heard.push(state[0]!) })
    const ra = a.connect(
      world.network.to((connection) => accept(connection as never)),
      { role: 'peer', channel: 'a' },
    )
    await world.time.pass(2_000)
    for (let i = 0; i < 25; i++) ra.present(new Uint8Array([i]))
    await world.time.pass(500)
    expect(heard).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(b.log.head).toBe(0)
  })
})

function otherId(world: SyncWorld): MemoryStore['id'] {
  return world.device('only its id').log.id
}

function unauthorized(): HeadwaterError {
  return new HeadwaterError('UNAUTHORIZED', 'The token does not hold.', { hint: 'Sign in again.' })
}
