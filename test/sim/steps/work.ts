// What else people do with a database: carry its events over by hand, have views rebuilt, pause syncing.

import type { Database } from 'headwater'
import type { Page } from '../page.ts'
import { MOST_REPLICAS, type Replica, type World } from '../world.ts'
import { drawDrafts, isFull, keepPromise } from './appending.ts'

const REACHED_MS = 60_000

/** What one replica exports, another imports. */
export function carryOver({ chance, replicas, tell }: World, replica: Replica, page: Page): boolean {
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

export function rebuild({ chance, tell }: World, _replica: Replica, page: Page): boolean {
  const view = chance.pick(['tasks', 'perStatus', 'texts', 'notes'])
  tell(`${page.place.name} rebuilds ${view}`)
  page.act(`rebuild ${view}`, (db) => db.rebuild(view))
  return true
}

/** Who hears that the hub has a commit may throw the device away (R8). */
export function waitForTheHub(world: World, replica: Replica, page: Page): boolean {
  if (world.meeting !== 'hub' || isFull(world)) return false
  const [draft] = drawDrafts(world, page.build, 1)
  const { nonce } = draft!.data as { nonce: number }
  world.tell(`${page.place.name} appends ${nonce} and waits for the hub`)
  page.act(`append ${nonce} and wait for the hub`, async (db) => {
    const { restores } = world.hubLedger
    const receipt = await keepPromise(replica, [nonce], () => db.append(draft!))
    await db.sync?.reached(receipt, 'hub', { deadlineMs: REACHED_MS })
    const standing = await world.hub.standing()
    const isThere = standing.some(({ commitId }) => commitId === receipt.commitId)
    if (!isThere && world.hubLedger.restores === restores)
      world.faults.push(new Error(`commit ${receipt.commitId} has reached the hub, and is not there (R8)`))
  })
  return true
}

export function pauseSyncing({ tell }: World, _replica: Replica, page: Page): boolean {
  tell(`${page.place.name} pauses syncing`)
  page.act('pause syncing', async (db) => db.sync?.pause('tired'))
  return true
}

export function resumeSyncing({ tell }: World, _replica: Replica, page: Page): boolean {
  tell(`${page.place.name} resumes syncing`)
  page.act('resume syncing', async (db) => db.sync?.resume())
  return true
}

/** A device comes late, with nothing on it. */
export function joinLate(world: World): boolean {
  if (world.replicas.length >= MOST_REPLICAS) return false
  const replica = world.join()
  world.tell(`${replica.name} joins`)
  replica.open('new')
  return true
}
