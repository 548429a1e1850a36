// Two copies of one profile that are alive at once, before their logs differ. A hub keeps one session for a replica, so they
// would take turns for ever; the hub here is the real one over its store in memory.

import type { Transport } from '@headwater/replication'
import { expect, test } from 'vitest'
import { createHubCore } from '../../packages/hub/src/hub-core.ts'
import { createMemoryHubStore } from '../../packages/hub/src/store/memory-store.ts'
import { START_MS } from '../log/world.ts'
import { cloneStore, createSyncWorld, type Device, type SyncWorld } from './world.ts'

async function openHub(world: SyncWorld): Promise<Transport> {
  const { random, time, network } = world
  const store = createMemoryHubStore({ stampKey: random.bytes(32) }, random)
  const clock = { now: () => Math.floor(START_MS + time.nowMs) }
  const hub = await createHubCore({ store, platform: { clock, random, scheduler: time.scheduler } })
  return network.to((connection) => void hub.accept(connection, 'test'))
}

/** A device and a copy of it, each led by a tab of its own under the same epoch, since the lease was copied too. */
async function copies(world: SyncWorld): Promise<readonly [Device, Device]> {
  const one = world.device('one')
  await one.write('x', 'before')
  await one.log.lease.take(0, 'leader')
  return [one, world.device('other', cloneStore(one.store, world.random))]
}

const asLeader = { workspace: 'acme', epoch: () => 1 }

test('of two live copies with equal logs one takes a fresh id, and both stay connected (R3, R7)', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const world = createSyncWorld(seed)
    const hub = await openHub(world)
    const [one, other] = await copies(world)
    const replicators = [one, other].map((device) => device.connect(hub, asLeader))
    let refused = 0
    for (const replicator of replicators)
      replicator.subscribe(({ state }) => {
        if (state === 'refused') refused++
      })
    await world.time.pass(20_000)
    expect(replicators.map(({ status }) => status.state)).toEqual(['live', 'live'])
    expect(one.log.replica).not.toBe(other.log.replica)
    expect(refused).toBe(0)
    await one.write('x', 'one')
    await other.write('x', 'other')
    await world.time.pass(5_000)
    for (const device of [one, other])
      expect([...(await device.texts())].sort()).toEqual(['before', 'one', 'other'])
    // One renewal and no fork: the original id, and one more.
    expect(Object.keys((await one.log.vector()).toJSON())).toHaveLength(2)
  }
})

test('who leads no more stays away, and its log keeps its id', async () => {
  const world = createSyncWorld(3)
  const hub = await openHub(world)
  const [one, other] = await copies(world)
  const replicator = one.connect(hub, asLeader)
  await world.time.pass(5_000)
  const { replica } = one.log
  await one.log.lease.take(1, 'another tab')
  other.connect(hub, asLeader)
  await world.time.pass(120_000)
  expect(replicator.status).toMatchObject({ state: 'refused', lastError: { code: 'SUPERSEDED' } })
  expect(one.log.replica).toBe(replica)
})

test('without a lease nobody takes a fresh id', async () => {
  const world = createSyncWorld(4)
  const hub = await openHub(world)
  const [one, other] = await copies(world)
  const replicator = one.connect(hub, { workspace: 'acme' })
  await world.time.pass(5_000)
  other.connect(hub, { workspace: 'acme' })
  await world.time.pass(120_000)
  expect(replicator.status).toMatchObject({ state: 'refused', lastError: { code: 'SUPERSEDED' } })
  expect(one.log.replica).toBe(other.log.replica)
})
