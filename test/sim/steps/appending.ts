// What people append, and what is promised to them.

import type { Draft, Receipt, TableView } from 'headwater'
import { type Build, draftOf, type Task } from '../app/model.ts'
import { readLog } from '../oracle.ts'
import type { Page } from '../page.ts'
import type { Replica, World } from '../world.ts'

/** Bound of a world's events; once they are all there, only weather is left. */
export const MOST_EVENTS = 200
export const WORDS = ['amber', 'birch', 'cedar', 'dune', 'ember', 'fjord']
const OWNERS = ['', 'ada', 'bo', 'cy']

export function append(world: World, replica: Replica, page: Page): boolean {
  if (isFull(world)) return false
  const drafts = drawDrafts(world, page.build, 1 + world.chance.below(4))
  appendTo(world, replica, page, drafts, world.chance.oneIn(4) ? 'strict' : 'relaxed')
  return true
}

export function appendSeveral(world: World, replica: Replica, page: Page): boolean {
  if (isFull(world)) return false
  const count = 2 + world.chance.below(4)
  for (let i = 0; i < count; i++) appendTo(world, replica, page, drawDrafts(world, page.build, 1), 'relaxed')
  return true
}

/** A query that is given a receipt answers from at least that point (D1). */
export function appendAndAsk(world: World, replica: Replica, page: Page): boolean {
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
    // What was reissued meanwhile answers under its new place.
    const { commits } = readLog(replica.device.disk)
    const reissued = commits.find(({ commitId }) => commitId === receipt.commitId) ?? receipt
    const isThere = [receipt, reissued].some(({ replica: author, firstSequence }) =>
      history.some((entry) => entry.replica === author && entry.sequence === firstSequence),
    )
    if (!isThere) world.faults.push(new Error(`an answer from at least ${receipt.offset} lacks it (D1)`))
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

/** Notes what is promised, or refused: where there is a receipt, it has to be kept. */
export async function keepPromise<Promised extends Receipt | undefined>(
  { ledger }: Replica,
  nonces: readonly number[],
  ask: () => Promise<Promised>,
): Promise<Promised> {
  try {
    const receipt = await ask()
    if (receipt) ledger.promise(receipt)
    return receipt
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code')
    if (typeof code === 'string' && !DOUBTFUL.has(code)) ledger.refuse(nonces)
    throw error
  }
}

/** Drafts as a build writes them. */
export function drawDrafts(world: World, build: Build, count: number): readonly Draft[] {
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

export function isFull({ replicas }: World): boolean {
  const sizes = replicas.map(({ device }) => readLog(device.disk).head)
  return sizes.reduce((sum, size) => sum + size, 0) >= MOST_EVENTS * 2 || Math.max(...sizes) >= MOST_EVENTS
}
