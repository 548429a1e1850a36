// One simulated run from one seed: steps under weather, checked as they come, then a calm in which everything has to come
// right.

import './loaded.ts'
import { checkBases } from './bases.ts'
import type { Store } from './device.ts'
import type { StandingCommit } from './hub-ledger.ts'
import { readLog } from './oracle.ts'
import type { Page } from './page.ts'
import { loadParts } from './parts.ts'
import { drawPause, takeStep } from './steps.ts'
import { runFakesOn } from './store/fake.ts'
import { checkViews } from './views.ts'
import { createWorld, type Replica, type World } from './world.ts'

/** How to run. */
export interface RunOptions {
  /** Views are compared after every so many steps. */
  readonly checkViewsEvery?: number
  /** Whether profiles are cloned; default false. Where they are, no hub forgets. */
  readonly clones?: boolean
  /** What stands for IndexedDB; default the simulated disk. */
  readonly store?: Store
  /** Whether errors have stacks. They differ from run to run with what the engine has compiled, and statuses carry them. */
  readonly stacks?: boolean
}

/** What came of a run. */
export interface RunReport {
  readonly seed: number
  readonly steps: number
  /** In all logs, at the end. */
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
const LEAST_STEPS = 10
const MOST_STEPS = 70
const STORY_SHOWN = 40
/** Every wait ends within this (D4). */
const PATIENCE_MS = 400_000

/** Runs a seed to its end, or to what goes wrong first. */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<RunReport> {
  const { clones = false, store = 'simulated' } = options
  await loadParts()
  const world = createWorld(seed, 2, { hasClones: clones, store })
  const letGo = store === 'fake-indexeddb' ? runFakesOn(world.time, world.chance) : () => undefined
  const tally = { steps: 0, events: 0, compared: 0 }
  const unhandled = (error: unknown): void => void world.faults.push(error)
  process.on('unhandledRejection', unhandled)
  const { stackTraceLimit } = Error
  if (!options.stacks) Error.stackTraceLimit = 0
  let failure: Error | undefined
  try {
    await live(world, tally, options.checkViewsEvery ?? 20)
    await calm(world, tally)
    for (const { device } of world.replicas) tally.events += readLog(device.disk).head
  } catch (error) {
    failure = tellFailure(world, options, error)
  } finally {
    process.off('unhandledRejection', unhandled)
    letGo()
    Error.stackTraceLimit = stackTraceLimit
  }
  const { tasks, nowMs, trace } = world.time
  return { seed, ...tally, tasks, virtualMs: nowMs, trace, failure }
}

async function live(world: World, tally: { steps: number; compared: number }, every: number): Promise<void> {
  for (const replica of world.replicas) replica.open('new')
  const steps = LEAST_STEPS + world.chance.below(MOST_STEPS - LEAST_STEPS)
  for (; tally.steps < steps; tally.steps++) {
    const touched = takeStep(world)
    await world.time.runFor(drawPause(world))
    await checkLogs(world)
    const page = touched.pages.find(isReady)
    if (page && (tally.steps + 1) % every === 0 && (await checkViews(world, touched, page, false)))
      tally.compared++
  }
}

/** The weather ends, everybody wakes up, and what was begun has to end. */
async function calm(world: World, tally: { compared: number }): Promise<void> {
  const { time, replicas } = world
  world.tell('calm')
  for (const { device, pages, busy } of replicas) {
    Object.assign(device.disk.weather, { faultOneIn: 0, slowOneIn: 0, isFull: false })
    for (const { place } of [...pages, ...busy]) place.thaw()
  }
  Object.assign(world.network, { isDown: false, cutOneIn: 0 })
  const acts = replicas.flatMap(({ busy }) => busy.flatMap(({ going }) => [...going]))
  await time.runUntil(() => acts.every(({ state }) => state !== 'going'), PATIENCE_MS)
  const waiting = acts.find(({ state }) => state === 'going')
  if (waiting) throw new Error(`"${waiting.name}" never ends (D4)`)
  for (const replica of replicas) {
    if (!replica.pages.some(isReady)) await openNow(world, replica)
    replica.pages.find(isReady)?.act('resume syncing', async (db) => db.sync?.resume())
  }
  await agree(world)
  await checkLogs(world)
  for (const replica of replicas)
    for (const page of replica.pages.filter(isReady))
      if (await checkViews(world, replica, page, true)) tally.compared++
  await checkLogs(world)
}

/** Everybody comes to hold the same, the hub too: then all are equal (R1–R3, R7). */
async function agree(world: World): Promise<void> {
  const { time, replicas } = world
  for (let waitedMs = 0; ; waitedMs += AGREE_LOOK_MS) {
    const differing = await differs(world)
    if (differing === undefined) break
    if (waitedMs >= PATIENCE_MS)
      throw new Error(`${differing} does not come to agree with ${replicas[0]?.name} (R3)`)
    await time.runFor(AGREE_LOOK_MS)
    await checkLogs(world)
  }
  await time.runFor(AGREE_LOOK_MS)
}

const AGREE_LOOK_MS = 2_000

/** Who does not hold the same as the first replica. */
async function differs({ replicas, hub, meeting }: World): Promise<string | undefined> {
  const [first, ...others] = replicas.map(
    ({ name, device }) => [name, spell(readLog(device.disk).standing)] as const,
  )
  const atHub = meeting === 'hub' ? [['hub', spell(await hub.standing())] as const] : []
  return [...others, ...atHub].find(([, commits]) => commits !== first![1])?.[0]
}

function spell(commits: readonly StandingCommit[]): string {
  return commits
    .map(({ replica, firstSequence, commitId }) => `${replica} ${firstSequence} ${commitId}`)
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

async function checkLogs({ time, replicas, hub, hubLedger, faults }: World): Promise<void> {
  await time.runUntil(() => replicas.every(({ device }) => device.isSettled()), PATIENCE_MS)
  if (faults.length > 0) throw faults[0]
  for (const { device, ledger } of replicas) {
    const log = readLog(device.disk)
    ledger.check(log)
    checkBases(device.disk, log)
  }
  hubLedger.check(await hub.standing())
}

/** How the command line says the same. */
function flagsOf({ checkViewsEvery = 20, clones, store }: RunOptions): string {
  const every = checkViewsEvery === 20 ? '' : ` --every ${checkViewsEvery}`
  return `${every}${clones ? ' --clones' : ''}${store === 'fake-indexeddb' ? ' --fake' : ''}`
}

function tellFailure({ seed, story }: World, options: RunOptions, cause: unknown): Error {
  const what = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  const end = story.slice(-STORY_SHOWN).join('\n')
  const replay = `replay: npm run sim -- --seeds 1 --from ${seed}${flagsOf(options)}`
  const keep = `keep: { seed: ${seed}, options: ${JSON.stringify(options)}, what: '…' } in test/sim/regressions.ts`
  return new Error(`seed ${seed}: ${what}\n\n${end}\n\n${replay}\n${keep}`, {
    cause,
  })
}
