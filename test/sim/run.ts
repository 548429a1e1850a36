// One simulated run from one seed: steps under weather, checked as they come, then a calm in which everything has to come
// right.

import { parseCommit } from '@headwater/log'
import type { MemoryBackup } from '../../packages/hub/src/store/memory-store.ts'
import { checkBases } from './bases.ts'
import { WORKSPACE } from './hub.ts'
import { readLog } from './oracle.ts'
import type { Page } from './page.ts'
import { drawPause, takeStep } from './steps.ts'
import type { Disk } from './store/disk.ts'
import { checkViews } from './views.ts'
import { createWorld, type Replica, type World } from './world.ts'

/** How to run. */
export interface RunOptions {
  /** Views are compared after every so many steps. */
  readonly checkViewsEvery?: number
  /** Whether profiles are cloned; default false. Where they are, no hub forgets. */
  readonly clones?: boolean
}

/** What came of a run. */
export interface RunReport {
  readonly seed: number
  readonly steps: number
  readonly events: number
  readonly tasks: number
  readonly virtualMs: number
  /** Comparisons of all views of a page. */
  readonly compared: number
  /** Equal for equal runs. */
  readonly trace: number
  /** What went wrong, with the end of the story. */
  readonly failure: Error | undefined
}

/** Worlds are short or long. */
const LEAST_STEPS = 20
const MOST_STEPS = 100
const STORY_SHOWN = 40
/** Every wait ends within this (D4). */
const PATIENCE_MS = 400_000

/** Runs a seed to its end, or to what goes wrong first. */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<RunReport> {
  const world = createWorld(seed, 2, options.clones ?? false)
  const tally = { steps: 0, compared: 0 }
  const unhandled = (error: unknown): void => void world.faults.push(error)
  process.on('unhandledRejection', unhandled)
  let failure: Error | undefined
  try {
    await live(world, tally, options.checkViewsEvery ?? 20)
    await calm(world, tally)
  } catch (error) {
    failure = tellFailure(world, error)
  } finally {
    process.off('unhandledRejection', unhandled)
  }
  const events = world.replicas.reduce((sum, { device }) => sum + readLog(device.disk).head, 0)
  const { tasks, nowMs, trace } = world.time
  return { seed, ...tally, events, tasks, virtualMs: nowMs, trace, failure }
}

async function live(world: World, tally: { steps: number; compared: number }, every: number): Promise<void> {
  for (const replica of world.replicas) replica.open('new')
  const steps = LEAST_STEPS + world.chance.below(MOST_STEPS - LEAST_STEPS)
  for (; tally.steps < steps; tally.steps++) {
    const touched = takeStep(world)
    await world.time.runFor(drawPause(world))
    checkLogs(world)
    const page = touched.pages.find(isReady)
    if (page && (tally.steps + 1) % every === 0 && (await checkViews(world, touched, page, false)))
      tally.compared++
  }
}

/** The weather ends, everybody wakes up, and what was begun has to end. */
async function calm(world: World, tally: { compared: number }): Promise<void> {
  const { time, replicas } = world
  world.tell('calm')
  for (const { device, pages } of replicas) {
    Object.assign(device.disk.weather, { faultOneIn: 0, slowOneIn: 0, isFull: false })
    for (const { place } of pages) place.thaw()
  }
  Object.assign(world.network, { isDown: false, cutOneIn: 0 })
  const acts = replicas.flatMap(({ pages }) => pages.flatMap(({ going }) => [...going]))
  await time.runUntil(() => acts.every(({ state }) => state !== 'going'), PATIENCE_MS)
  const waiting = acts.find(({ state }) => state === 'going')
  if (waiting) throw new Error(`"${waiting.name}" never ends (D4)`)
  for (const replica of replicas) if (!replica.pages.some(isReady)) await openNow(world, replica)
  await agree(world)
  checkLogs(world)
  for (const replica of replicas)
    for (const page of replica.pages.filter(isReady))
      if (await checkViews(world, replica, page, true)) tally.compared++
  checkLogs(world)
}

/** Everybody comes to hold the same, the hub too: then all are equal (R1–R3, R7). */
async function agree(world: World): Promise<void> {
  const { time, replicas, hub } = world
  const differs = (): string | undefined => {
    const [first, ...others] = replicas.map(({ name, device }) => [name, standing(device.disk)] as const)
    const all = [...others, ['hub', standingAtHub(hub.contents)] as const]
    return all.find(([, commits]) => commits !== first![1])?.[0]
  }
  for (let waitedMs = 0; differs() !== undefined; waitedMs += AGREE_LOOK_MS) {
    if (waitedMs >= PATIENCE_MS)
      throw new Error(`${differs()} does not come to agree with ${replicas[0]?.name} (R3)`)
    await time.runFor(AGREE_LOOK_MS)
    checkLogs(world)
  }
  await time.runFor(AGREE_LOOK_MS)
}

const AGREE_LOOK_MS = 6_000

function standing(disk: Disk): string {
  return readLog(disk)
    .standing.map(({ replica, firstSequence, commitId }) => `${replica} ${firstSequence} ${commitId}`)
    .sort()
    .join('\n')
}

function standingAtHub({ workspaces }: MemoryBackup): string {
  const commits = workspaces.get(WORKSPACE)?.commits ?? []
  return commits
    .filter((commit) => !commit.isVoided)
    .map(({ bytes }) => parseCommit(bytes))
    .map((head) => (head instanceof Error ? '' : `${head.replica} ${head.firstSequence} ${head.commitId}`))
    .sort()
    .join('\n')
}

async function openNow({ time }: World, replica: Replica): Promise<void> {
  const page = replica.open('new')
  await time.runUntil(() => page.opening.state !== 'going', PATIENCE_MS)
  if (page.opening.state !== 'done')
    throw (page.opening.error as Error | undefined) ?? new Error(`${page.place.name} does not open`)
}

function isReady({ opening, place }: Page): boolean {
  return opening.state === 'done' && place.actor.state === 'awake'
}

function checkLogs({ replicas, faults }: World): void {
  if (faults.length > 0) throw faults[0]
  for (const { device, ledger } of replicas) {
    const log = readLog(device.disk)
    ledger.check(log)
    checkBases(device.disk, log)
  }
}

function tellFailure({ seed, story, hasClones }: World, cause: unknown): Error {
  const what = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  const end = story.slice(-STORY_SHOWN).join('\n')
  return new Error(
    `seed ${seed}: ${what}\n\n${end}\n\nreplay: npm run sim -- ${hasClones ? '--clones ' : ''}--seeds 1 --from ${seed}`,
    {
      cause,
    },
  )
}
