// `kill -9` of the hub under load, again and again: writers note what was acknowledged, and after each start the hub must
// hold all of it, by hash. It cannot tell a synced write from one that only the system's cache holds: that would take a
// power cut.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReplicaId } from '@headwater/log'
import { createRandom } from '../log/world.ts'
import { createAuthor, type Written } from './author.ts'
import { type Client, connectClient, createDevice, type Device } from './client.ts'
import { freePort, serveProcess } from './hub-process.ts'
import { pause } from './running-hub.ts'

export interface KillReport {
  readonly kills: number
  readonly acknowledged: number
  /** Acknowledged commits that the hub did not hold after a start: must be none. */
  readonly lost: readonly string[]
  /** Commits that the fresh reader got twice: must be none. */
  readonly twice: number
}

interface Writer {
  readonly device: Device
  readonly written: Written[]
  /** How many of `written` were acknowledged. */
  acknowledged(): number
  stop(): Promise<void>
}

const WRITERS = 4

/** Kills a hub `kills` times; `seed` decides when. */
export async function runKills(
  kills: number,
  seed: number,
  say: (line: string) => void = () => undefined,
): Promise<KillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-kills-'))
  const port = await freePort()
  const random = createRandom(seed)
  const url = `ws://127.0.0.1:${port}/`
  let hub = await serveProcess(folder, port, ['--log-level', 'error'])
  const writers = Array.from({ length: WRITERS }, (_, i) => startWriter(`writer${i}`, seed + i, url))
  const lost: string[] = []
  for (let kill = 1; kill <= kills; kill++) {
    await pause(100 + (random.bytes(1)[0]! % 128) * 3)
    hub.child.kill('SIGKILL')
    await hub.exited
    const noted = writers.map((writer) => writer.written.slice(0, writer.acknowledged()))
    hub = await serveProcess(folder, port, ['--log-level', 'error'])
    lost.push(...(await missing(noted, url)))
    say(`kill ${kill}: ${noted.flat().length} acknowledged, ${lost.length} lost`)
  }
  await Promise.all(writers.map((writer) => writer.stop()))
  const noted = writers.map((writer) => writer.written.slice(0, writer.acknowledged()))
  const { lost: rest, twice } = await readEverything(noted, url)
  hub.child.kill('SIGTERM')
  await hub.exited
  await rm(folder, { recursive: true, force: true })
  return { kills, acknowledged: noted.flat().length, lost: [...lost, ...rest], twice }
}

/** A device that writes all the time and connects again whenever the hub is gone. */
function startWriter(name: string, seed: number, url: string): Writer {
  const device = createDevice(createAuthor(name, seed))
  const written: Written[] = []
  const positions: number[] = []
  let through = 0
  let isStopped = false
  const note = (client: Client): void => {
    through = Math.max(through, client.acknowledged())
  }
  const write = async (): Promise<void> => {
    let lastMs = 0
    while (!isStopped) {
      lastMs = Math.max(lastMs + 1, Date.now())
      written.push(device.write({ atMs: lastMs, text: 'x'.repeat(200) }))
      positions.push(device.commits.length)
      await pause(4)
    }
  }
  const connect = async (): Promise<void> => {
    while (!isStopped) {
      try {
        const client = await connectClient(device, { url, workspace: 'kills' })
        void client.until(() => {
          note(client)
          return false
        })
        await client.session.ended
        note(client)
      } catch {
        // The hub is down: that is what is tested. It is tried again.
      }
      await pause(20)
    }
  }
  const running = Promise.all([write(), connect()])
  return {
    device,
    written,
    acknowledged: () => positions.filter((position) => position <= through).length,
    async stop() {
      isStopped = true
      // The session ends with the hub, or here.
      await Promise.race([running, pause(200)])
    },
  }
}

/** What of this the hub does not hold, by the end of each replica's chain: a chain holds all that lies before. */
async function missing(noted: readonly (readonly Written[])[], url: string): Promise<readonly string[]> {
  const { device, client } = await readAll(noted, url)
  client.socket.terminate()
  return compare(noted, device)
}

async function readEverything(noted: readonly (readonly Written[])[], url: string) {
  const { device, client } = await readAll(noted, url)
  client.socket.terminate()
  const names = device.names()
  return { lost: compare(noted, device), twice: names.length - new Set(names).size }
}

async function readAll(noted: readonly (readonly Written[])[], url: string) {
  const device = createDevice(createAuthor('reader'))
  const client = await connectClient(device, { url, workspace: 'kills' })
  await client.live
  const wanted = new Map(
    noted.flatMap((all) => (all.length > 0 ? [[all[0]!.replica, all.at(-1)!.lastSequence]] : [])),
  )
  const held = (replica: ReplicaId): number =>
    device.commits.findLast((commit) => commit.replica === replica)?.lastSequence ?? 0
  const isWhole = (): boolean => [...wanted].every(([replica, last]) => held(replica) >= Number(last))
  // What was lost never comes: after a while without it, it is reported. A session that ends is another failure.
  const ended = client.session.ended.then(({ error }) => Promise.reject(error))
  await Promise.race([client.until(isWhole), pause(60_000), ended])
  ended.catch(() => undefined)
  return { device, client }
}

function compare(noted: readonly (readonly Written[])[], device: Device): readonly string[] {
  const held = new Map(
    device.commits.map(({ replica, lastSequence, bytes }) => [`${replica} ${lastSequence}`, bytes]),
  )
  return noted.flat().flatMap(({ replica, lastSequence, bytes }) => {
    const copy = held.get(`${replica} ${lastSequence}`)
    return copy && Buffer.compare(copy, bytes) === 0 ? [] : [`${replica} ${lastSequence}`]
  })
}
