// Replicas under seeded weather: random writes while connections are cut, devices crash, clocks jump, profiles are cloned and
// restored from backups and the hub forgets; then a calm in which all must agree. A failure prints the seed.

import { HeadwaterError, type MemoryStore } from '@headwater/log'
import { expect, test } from 'vitest'
import { standingSequences } from './naive-hub.ts'
import { cloneStore, createSyncWorld, type Device, type SyncWorld } from './world.ts'

const first = Number(process.env.WEATHER_FROM ?? 1)
const count = Number(process.env.WEATHER_SEEDS ?? 60)

test(`replicas of a hub agree after any weather, and nothing written is lost (R1, R2, R3, R7): seeds ${first} to ${first + count - 1}`, async () => {
  for (let seed = first; seed < first + count; seed++) {
    try {
      await weather(seed)
    } catch (cause) {
      const replay = `WEATHER_FROM=${seed} WEATHER_SEEDS=1 npx vitest run test/replication/weather.test.ts`
      throw new Error(`seed ${seed} failed; replay with ${replay}`, { cause })
    }
  }
}, 300_000)

interface Weather {
  readonly world: SyncWorld
  readonly devices: Device[]
  /** Every text that an append was acknowledged for and no backup took back. */
  readonly written: Set<string>
  readonly draw: (below: number) => number
}

async function weather(seed: number): Promise<void> {
  const world = createSyncWorld(seed)
  const draw = (below: number): number =>
    (world.random.bytes(1)[0]! * 256 + world.random.bytes(1)[0]!) % below
  const devices = ['a', 'b', 'c'].slice(0, 2 + draw(2)).map((name) => world.device(name))
  const sky: Weather = { world, devices, written: new Set(), draw }
  for (const device of devices) device.connect(world.hubTransport)
  for (let turn = 0; turn < 40; turn++) {
    await happen(sky, `${seed}.${turn}`)
    await world.time.pass(draw(400))
  }
  world.network.isDown = false
  await world.time.pass(200_000)
  await expectAgreement(sky)
}

async function happen(sky: Weather, text: string): Promise<void> {
  const { world, devices, draw, written } = sky
  const device = devices[draw(devices.length)]!
  const what = draw(20)
  if (what < 11) {
    await device.write(`row ${draw(3)}`, text)
    written.add(text)
  } else if (what === 11) world.network.cut()
  else if (what === 12) world.network.cutAfter(1 + draw(12))
  else if (what === 13) world.network.isDown = draw(2) === 0
  else if (what === 14) await restart(sky, device)
  else if (what === 15) device.clock.ms += (draw(3) - 1) * draw(4_000) * 1_000
  else if (what === 16) await addClone(sky, device)
  else if (what === 17) await loseTail(sky, device)
  else if (what === 18) await hubForgets(sky)
  else await world.time.pass(3_000)
}

async function restart({ world }: Weather, device: Device): Promise<void> {
  await device.crash()
  world.network.cut()
  device.connect(world.hubTransport)
}

/** The same profile on a second disk, copied while the hub has all of it: both go on as the same replica. */
async function addClone({ world, devices }: Weather, device: Device): Promise<void> {
  const { state, pending } = device.replicators.at(-1)!.status
  if (devices.length > 4 || state !== 'live' || pending > 0) return
  const id = world.device('only its id').log.id
  const clone = world.device(`${device.name}'`, cloneStore(device.store, world.random, id))
  clone.connect(world.hubTransport)
  devices.push(clone)
}

/** The disk forgets the last moments, as a relaxed tail is lost with the machine; what the hub has is not lost by it. */
async function loseTail({ world, written, draw }: Weather, device: Device): Promise<void> {
  const backup: MemoryStore = cloneStore(device.store, world.random)
  const before = new Set(await device.texts())
  const lost: string[] = []
  for (let i = 0; i <= draw(3); i++) {
    const text = `tail ${world.time.nowMs}.${i}.${device.name}`
    await device.write('tail', text)
    lost.push(text)
    await world.time.pass(draw(60))
  }
  device.store = backup
  await device.crash()
  world.network.cut()
  device.connect(world.hubTransport)
  // What came from others in between comes again; what was written here may be gone, and may not come twice.
  for (const text of lost) if (before.has(text)) written.add(text)
}

/** The hub is restored from a backup that lacks its newest commits; those who have them send them again. */
async function hubForgets({ world, draw }: Weather): Promise<void> {
  if (world.hub.commits.length === 0) return
  for (const session of world.hub.sessions) session.close(shuttingDown(), 'later')
  world.hub.restore(draw(Math.min(4, world.hub.commits.length)))
}

async function expectAgreement({ world, devices, written }: Weather): Promise<void> {
  const [one] = devices
  const texts = [...(await one!.texts())].sort()
  expect(texts.length, 'nothing twice').toBe(new Set(texts).size)
  for (const text of written) expect(texts, 'nothing lost').toContain(text)
  const hub = Object.fromEntries([...standingSequences(world.hub)].sort(([a], [b]) => (a < b ? -1 : 1)))
  for (const device of devices) {
    const status = device.replicators.at(-1)!.status
    expect(status, device.name).toMatchObject({ state: 'live', pending: 0, refused: [] })
    expect([...(await device.texts())].sort(), device.name).toEqual(texts)
    expect((await device.log.vector()).toJSON(), device.name).toEqual(hub)
  }
}

function shuttingDown(): HeadwaterError {
  return new HeadwaterError('SHUTTING_DOWN', 'The hub is restored.', { hint: 'It is tried again.' })
}
