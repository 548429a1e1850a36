// Load on a hub in another process: many idle sessions, some writers at a steady pace. Measures what a writer waits for (from
// its commit to the hub's durable acknowledgement) and what the hub takes in memory.

import { createAuthor } from './author.ts'
import { type Client, connectClient, createDevice, type Device } from './client.ts'
import type { HubProcess } from './hub-process.ts'
import { pause } from './running-hub.ts'

export interface LoadPlan {
  readonly workspaces: number
  readonly idlePerWorkspace: number
  readonly writers: number
  /** How many workspaces the writers are spread over. */
  readonly writtenWorkspaces: number
  readonly everyMs: number
  readonly warmUpMs: number
  readonly measureMs: number
}

export interface LoadReport {
  readonly connections: number
  readonly commits: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** The hub's resident memory at its largest. */
  readonly residentBytes: number
  /** Commits that a reader of the first workspace holds. */
  readonly received: number
}

/** Runs the plan against a hub. */
export async function runLoad(hub: HubProcess, plan: LoadPlan): Promise<LoadReport> {
  const idle = await connectIdle(hub.url, plan)
  const writers = await Promise.all(
    Array.from({ length: plan.writers }, (_, i) => connectWriter(hub.url, i, plan)),
  )
  let residentBytes = 0
  let isOver = false
  const sampling = (async () => {
    while (!isOver) {
      residentBytes = Math.max(residentBytes, await readResident(hub.http))
      await pause(500)
    }
  })()
  await pause(plan.warmUpMs)
  for (const writer of writers) writer.latenciesMs.length = 0
  await pause(plan.measureMs)
  for (const writer of writers) writer.stop()
  isOver = true
  await sampling
  const latencies = writers.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b)
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!
  const received = idle[0]!.device.commits.length
  for (const { client } of [...idle, ...writers]) client.socket.terminate()
  return {
    connections: idle.length + writers.length,
    commits: latencies.length,
    residentBytes,
    received,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
  }
}

interface Connected {
  readonly device: Device
  readonly client: Client
}

/** Opens sessions a few at a time, as they come in a day, not all in one moment. */
async function connectIdle(
  url: string,
  { workspaces, idlePerWorkspace }: LoadPlan,
): Promise<readonly Connected[]> {
  const all: Connected[] = []
  for (let i = 0; i < idlePerWorkspace; i++)
    for (let w = 0; w < workspaces; w += 10) {
      const batch = Array.from({ length: Math.min(10, workspaces - w) }, async (_, k) => {
        const device = createDevice(createAuthor(`idle${w + k}x${i}`))
        const client = await connectClient(device, { url, workspace: `w${w + k}` })
        await client.live
        return { device, client }
      })
      all.push(...(await Promise.all(batch)))
    }
  return all
}

async function connectWriter(url: string, i: number, { writtenWorkspaces, everyMs }: LoadPlan) {
  const device = createDevice(createAuthor(`writer${i}`, i + 1))
  const client = await connectClient(device, { url, workspace: `w${i % writtenWorkspaces}` })
  await client.live
  const latenciesMs: number[] = []
  const waiting: { readonly position: number; readonly startMs: number }[] = []
  void client.until(() => {
    while (waiting[0] && waiting[0].position <= client.acknowledged())
      latenciesMs.push(performance.now() - waiting.shift()!.startMs)
    return false
  })
  const write = (): void => {
    waiting.push({ position: device.commits.length + 1, startMs: performance.now() })
    device.write({ atMs: Date.now(), text: 'x'.repeat(900) })
  }
  let timer: NodeJS.Timeout | undefined
  // Spread over the interval: writers of the world do not beat together.
  const start = setTimeout(
    () => {
      timer = setInterval(write, everyMs)
    },
    (i * everyMs) / 50,
  )
  const stop = (): void => {
    clearTimeout(start)
    clearInterval(timer)
  }
  return { device, client, latenciesMs, stop }
}

async function readResident(http: string): Promise<number> {
  const text = await (await fetch(`${http}/metrics`)).text()
  return Number(/headwater_hub_resident_bytes (\d+)/.exec(text)?.[1] ?? 0)
}
