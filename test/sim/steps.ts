// What can happen: people's work, and the weather. Each step is a few lines that begin something and do not wait for it;
// how much time then passes is drawn as well, so that steps overlap.

import type { Database, Draft, Receipt, TableView } from 'headwater'
import { type Build, draftOf, type Task } from './app/model.ts'
import { type LoggedCommit, readLog } from './oracle.ts'
import type { Page } from './page.ts'
import type { Replica, World } from './world.ts'

/** A kind of step. */
interface Step {
  readonly name: string
  readonly weight: number
  /** Does it; false when it cannot happen now. */
  readonly run: (world: World, replica: Replica) => boolean
}

const MOST_PAGES = 3
/** Bound of a world's events; once they are all there, only weather is left. */
export const MOST_EVENTS = 200
const WORDS = ['amber', 'birch', 'cedar', 'dune', 'ember', 'fjord']
const OWNERS = ['', 'ada', 'bo', 'cy']

/** Takes a step, drawn by weight, on a replica that is drawn too. */
export function takeStep(world: World): Replica {
  const { chance } = world
  for (;;) {
    const replica = chance.pick(world.replicas)
    const step = chance.weighted(steps.map((each) => [each.weight, each] as const))
    if (step.run(world, replica)) return replica
  }
}

const steps: readonly Step[] = [
  { name: 'open a page', weight: 6, run: openAPage },
  { name: 'close a page', weight: 2, run: onPage(closeAPage) },
  { name: 'append', weight: 30, run: onPage(append) },
  { name: 'append several at once', weight: 6, run: onPage(appendSeveral) },
  { name: 'ask after appending', weight: 6, run: onPage(appendAndAsk) },
  { name: 'carry an export over', weight: 4, run: onPage(carryOver) },
  { name: 'rebuild a view', weight: 1, run: onPage(rebuild) },
  { name: 'kill a page', weight: 3, run: onPage(killAPage) },
  { name: 'freeze a page', weight: 2, run: onPage(freezeAPage) },
  { name: 'thaw a page', weight: 3, run: thawAPage },
  { name: 'take the storage away', weight: 1, run: onPage(takeAway) },
  { name: 'lose power', weight: 2, run: losePower },
  { name: 'trouble with the disk', weight: 4, run: troubleTheDisk },
  { name: 'the network changes', weight: 5, run: changeTheNetwork },
  { name: 'all connections break', weight: 3, run: breakConnections },
  { name: 'the hub begins again', weight: 2, run: restartTheHub },
  { name: 'the hub is backed up', weight: 2, run: backUpTheHub },
  { name: 'the hub is restored', weight: 1, run: restoreTheHub },
  { name: 'a profile is cloned', weight: 1, run: cloneAProfile },
  { name: 'the wall clock jumps', weight: 2, run: jumpTheClock },
]

/** For steps that need a page that is open and awake. */
function onPage(run: (world: World, replica: Replica, page: Page) => boolean): Step['run'] {
  return (world, replica) => {
    const open = replica.pages.filter(
      ({ opening, place }) => opening.state === 'done' && place.actor.state === 'awake',
    )
    return open.length > 0 && run(world, replica, world.chance.pick(open))
  }
}

function openAPage({ chance, tell }: World, replica: Replica): boolean {
  if (replica.pages.length >= MOST_PAGES) return false
  const build: Build = chance.oneIn(6) ? 'old' : 'new'
  const page = replica.open(build)
  tell(`${page.place.name} is opened, ${build}`)
  return true
}

function closeAPage({ tell }: World, replica: Replica, page: Page): boolean {
  tell(`${page.place.name} is closed`)
  page.act('close', (db) => db.close())
  replica.forget(page)
  return true
}

/** The page goes on; with what it did not finish nobody is helped. */
function killAPage({ tell }: World, replica: Replica, page: Page): boolean {
  tell(`${page.place.name} dies`)
  page.kill()
  replica.forget(page)
  return true
}

function append(world: World, replica: Replica, page: Page): boolean {
  if (isFull(world)) return false
  const drafts = drawDrafts(world, page.build, 1 + world.chance.below(4))
  appendTo(world, replica, page, drafts, world.chance.oneIn(4) ? 'strict' : 'relaxed')
  return true
}

function appendSeveral(world: World, replica: Replica, page: Page): boolean {
  if (isFull(world)) return false
  const count = 2 + world.chance.below(4)
  for (let i = 0; i < count; i++) appendTo(world, replica, page, drawDrafts(world, page.build, 1), 'relaxed')
  return true
}

/** A query that is given a receipt answers from at least that point (D1). */
function appendAndAsk(world: World, replica: Replica, page: Page): boolean {
  if (isFull(world)) return false
  const [draft] = drawDrafts(world, page.build, 1)
  const { nonce } = draft!.data as { nonce: number }
  world.tell(`${page.place.name} appends ${nonce} and asks`)
  page.act(`append ${nonce} and ask`, async (db) => {
    const receipt = await keepPromise(replica, [nonce], () => db.append(draft!, { durability: 'relaxed' }))
    const tasks = (db.views as Record<string, unknown>).tasks as TableView<Task, unknown>
    const key = String(
      (draft!.data as { id?: string; from?: string }).id ?? (draft!.data as { from: string }).from,
    )
    const history = await tasks.history(key, { atLeast: receipt })
    // It may have been reissued since, while the page was frozen.
    const moved = readLog(replica.device.disk).commits.find(({ commitId }) => commitId === receipt.commitId)
    const isIt = (place: Pick<Receipt, 'replica' | 'firstSequence'> | LoggedCommit | undefined): boolean =>
      history.some(
        ({ sequence, replica: author }) => sequence === place?.firstSequence && author === place.replica,
      )
    if (!isIt(receipt) && !isIt(moved))
      world.faults.push(new Error(`an answer from at least ${receipt.offset} lacks it (D1)`))
  })
  return true
}

function appendTo(
  { tell }: World,
  replica: Replica,
  page: Page,
  drafts: readonly Draft[],
  durability: 'strict' | 'relaxed',
): void {
  const nonces = drafts.map(({ data }) => (data as { nonce: number }).nonce)
  tell(`${page.place.name} appends ${nonces.join(', ')}, ${durability}`)
  page.act(`append ${nonces.join(', ')}`, (db) =>
    keepPromise(replica, nonces, () => db.append(drafts, { durability })),
  )
}

/** After these an append may have been stored all the same. */
const DOUBTFUL = new Set(['STORAGE_LOST', 'DEADLINE', 'WORKER_DIED', 'CLOSED'])

async function keepPromise(
  { ledger }: Replica,
  nonces: readonly number[],
  ask: () => Promise<Receipt>,
): Promise<Receipt> {
  try {
    const receipt = await ask()
    ledger.promise(receipt)
    return receipt
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code')
    if (typeof code === 'string' && !DOUBTFUL.has(code)) ledger.refuse(nonces)
    throw error
  }
}

function drawDrafts(world: World, build: Build, count: number): readonly Draft[] {
  return Array.from({ length: count }, () => drawDraft(world, build))
}

function drawDraft({ chance, nonce }: World, build: Build): Draft {
  const id = `t${chance.below(12)}`
  const title = `${chance.pick(WORDS)} ${chance.pick(WORDS)}`
  const points = chance.below(100)
  const data = { id, nonce: nonce() }
  const opened = { ...data, title, points, owner: chance.pick(OWNERS) }
  const kinds: [number, string, Record<string, unknown>][] = [
    [5, 'task.opened', build === 'new' ? { ...opened, priority: chance.below(3) } : opened],
    [2, 'task.renamed', { ...data, title }],
    [2, 'task.doubled', data],
    [2, 'task.moved', { nonce: data.nonce, from: id, to: `t${chance.below(12)}`, points }],
    [1, 'task.closed', data],
    [1, 'task.deleted', data],
    ...(build === 'new' ? [[1, 'task.starred', data] as [number, string, Record<string, unknown>]] : []),
  ]
  const [, type, drawn] = chance.weighted(kinds.map((kind) => [kind[0], kind] as const))
  return draftOf(build, type, drawn)
}

function isFull({ replicas }: World): boolean {
  const sizes = replicas.map(({ device }) => readLog(device.disk).head)
  return sizes.reduce((sum, size) => sum + size, 0) >= MOST_EVENTS * 2 || Math.max(...sizes) >= MOST_EVENTS
}

/** What one replica exports, another imports. */
function carryOver({ chance, replicas, tell }: World, replica: Replica, page: Page): boolean {
  const others = replicas.filter((other) => other !== replica).flatMap(({ pages }) => pages)
  const open = others.filter(
    ({ opening, place }) => opening.state === 'done' && place.actor.state === 'awake',
  )
  if (open.length === 0) return false
  const other = chance.pick(open)
  tell(`${page.place.name} exports to ${other.place.name}`)
  page.act('export', async (db) => {
    const lines = await readText(db)
    other.act('import', (target) => target.importEvents(lines, { onFault: 'stop' }))
  })
  return true
}

async function readText(db: Database): Promise<string> {
  let text = ''
  const reader = db.exportEvents().getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text
    text += value
  }
}

function rebuild({ chance, tell }: World, _replica: Replica, page: Page): boolean {
  const view = chance.pick(['tasks', 'perStatus', 'texts'])
  tell(`${page.place.name} rebuilds ${view}`)
  page.act(`rebuild ${view}`, (db) => db.rebuild(view))
  return true
}

function freezeAPage({ tell }: World, _replica: Replica, page: Page): boolean {
  tell(`${page.place.name} freezes`)
  page.place.freeze()
  return true
}

function thawAPage({ chance, tell }: World, { pages }: Replica): boolean {
  const frozen = pages.filter(({ place }) => place.actor.state === 'frozen')
  if (frozen.length === 0) return false
  const page = chance.pick(frozen)
  tell(`${page.place.name} thaws`)
  page.place.thaw()
  return true
}

function takeAway({ tell }: World, { device }: Replica, page: Page): boolean {
  tell(`${page.place.name} loses its connections`)
  device.loseConnections(page.place)
  return true
}

function losePower(_world: World, replica: Replica): boolean {
  replica.crash()
  return true
}

function troubleTheDisk({ chance, tell }: World, { name, device }: Replica): boolean {
  const { weather } = device.disk
  weather.faultOneIn = chance.pick([0, 0, 4, 12])
  weather.slowOneIn = chance.pick([0, 0, 3, 20])
  weather.isFull = chance.oneIn(6)
  tell(`the disk of ${name}: one fault in ${weather.faultOneIn}, ${weather.isFull ? '' : 'not '}full`)
  return true
}

function jumpTheClock({ chance, tell }: World, { name, device }: Replica): boolean {
  device.clockOffsetMs = Math.round(chance.between(-3_600_000, 3_600_000))
  tell(`the clock of ${name} is off by ${device.clockOffsetMs} ms`)
  return true
}

function changeTheNetwork({ chance, network, tell }: World): boolean {
  network.isDown = chance.oneIn(3)
  network.cutOneIn = chance.pick([0, 0, 10, 40])
  tell(`the network is ${network.isDown ? 'down' : 'up'}, one frame in ${network.cutOneIn} cuts`)
  return true
}

function breakConnections({ network, tell }: World): boolean {
  tell('all connections break')
  network.cut()
  return true
}

function restartTheHub({ hub, tell }: World): boolean {
  tell('the hub dies and begins again')
  hub.restart()
  return true
}

function backUpTheHub({ hub, tell }: World): boolean {
  tell('the hub is backed up')
  hub.backup()
  return true
}

function restoreTheHub(world: World): boolean {
  const { hub, tell } = world
  if (world.hasClones || !hub.restore()) return false
  tell('the hub is restored from its backup')
  return true
}

const MOST_REPLICAS = 3

/** Clones come only where they are asked for, a hub that forgets only where they do not. */
function cloneAProfile(world: World, replica: Replica): boolean {
  if (!world.hasClones || world.replicas.length >= MOST_REPLICAS) return false
  world.clone(replica)
  return true
}

/** How much time passes after a step. */
export function drawPause({ chance }: World): number {
  return chance.weighted([
    [60, chance.between(0, 5)],
    [25, chance.between(5, 200)],
    [10, chance.between(1_000, 4_000)],
    [3, chance.between(10_000, 40_000)],
  ])
}
