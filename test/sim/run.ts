// One simulated run from one seed: steps under weather, checked as they come, then a calm in which everything has to come
// right.

import { checkBases } from './bases.ts'
import { readLog } from './oracle.ts'
import type { Page } from './page.ts'
import { drawPause, takeStep } from './steps.ts'
import { checkViews } from './views.ts'
import { createWorld, type Replica, type World } from './world.ts'

/** How to run. */
export interface RunOptions {
  /** Views are compared after every so many steps. */
  readonly checkViewsEvery?: number
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

const STEPS = 160
const STORY_SHOWN = 40
/** Every wait ends within this (D4). */
const PATIENCE_MS = 180_000

/** Runs a seed to its end, or to what goes wrong first. */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<RunReport> {
  const world = createWorld(seed, 2)
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
  for (; tally.steps < STEPS; tally.steps++) {
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
  const acts = replicas.flatMap(({ pages }) => pages.flatMap(({ going }) => [...going]))
  await time.runUntil(() => acts.every(({ state }) => state !== 'going'), PATIENCE_MS)
  const waiting = acts.find(({ state }) => state === 'going')
  if (waiting) throw new Error(`"${waiting.name}" never ends (D4)`)
  for (const replica of replicas) if (!replica.pages.some(isReady)) await openNow(world, replica)
  await time.runFor(10_000)
  checkLogs(world)
  for (const replica of replicas)
    for (const page of replica.pages.filter(isReady))
      if (await checkViews(world, replica, page, true)) tally.compared++
  checkLogs(world)
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

function tellFailure({ seed, story }: World, cause: unknown): Error {
  const what = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  const end = story.slice(-STORY_SHOWN).join('\n')
  return new Error(`seed ${seed}: ${what}\n\n${end}\n\nreplay: npm run sim -- --seeds 1 --from ${seed}`, {
    cause,
  })
}
