// A search view in several tabs against a look at every row, through everything that can happen to it: rows come, change
// and go, tabs follow, jump, dump, crash in the middle of a dump, open again; parts get lost. After each step, whoever has
// followed answers exactly as its own rows say (V2, V4, V7), and two tabs at one position answer alike (V3).

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFlakyStore, type FlakyStore } from './flaky-store.ts'
import { naiveMatches } from './naive-search.ts'
import { createWorld, drive, PATIENT, type Tab, type World } from './world.ts'

const seed = 20_240_605
const TABS = 2

type Command =
  | { readonly type: 'put'; readonly key: string; readonly title: string; readonly status: string }
  | { readonly type: 'remove'; readonly key: string }
  | {
      readonly type: 'follow' | 'jump' | 'dump' | 'idle' | 'adopt' | 'rebuild' | 'crash' | 'startOver'
      readonly tab: number
    }
  | { readonly type: 'crashWhileDumping'; readonly tab: number; readonly writes: number }
  | { readonly type: 'ask'; readonly tab: number; readonly text: string }
  | { readonly type: 'losePage'; readonly page: number }

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const words = fc.array(fc.constantFrom('red', 'green', 'blue', 'reddish', 'grün', 'blau'), { maxLength: 4 })
const text = words.map((all) => all.join(' '))
const tab = fc.nat(TABS - 1)
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('put' as const),
      key,
      title: text,
      status: fc.constantFrom('open', 'closed'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('remove' as const), key }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('follow' as const), tab }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('ask' as const),
      tab,
      text: fc.constantFrom('red', 'gru', 'blue green', ''),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom('jump' as const, 'dump', 'idle', 'adopt', 'rebuild', 'crash'),
      tab,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('startOver' as const), tab }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('crashWhileDumping' as const), tab, writes: fc.nat(4) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('losePage' as const), page: fc.nat(5) }) },
)

/** Runs that once went wrong: the table jumped in the very moment in which another index took over. */
const kept: [Command[]][] = [
  [
    [
      { type: 'put', key: 'a', title: '', status: 'open' },
      { type: 'crashWhileDumping', tab: 1, writes: 0 },
      { type: 'ask', tab: 1, text: 'red' },
      { type: 'put', key: 'e', title: '', status: 'open' },
      { type: 'jump', tab: 0 },
      { type: 'losePage', page: 0 },
      { type: 'startOver', tab: 1 },
      { type: 'jump', tab: 1 },
      { type: 'remove', key: 'a' },
    ],
  ],
]

interface Seat {
  tab: Tab
  store: FlakyStore
}

async function sit(world: World, generation: number): Promise<Seat> {
  const store = createFlakyStore(world.bases.open())
  return { store, tab: await world.openTab({ store, generation }) }
}

async function expectExact({ tab: one }: Seat): Promise<void> {
  for (const asked of ['red', 'blau blue', 'gr']) {
    const found = await one.search(asked)
    expect(found.hits.map((hit) => hit.key).sort()).toEqual(naiveMatches(one.table.rows, asked))
  }
}

async function run(world: World, seats: Seat[], step: Command): Promise<void> {
  switch (step.type) {
    case 'put':
      return world.put(step.key, { title: step.title, status: step.status })
    case 'remove':
      return world.remove(step.key)
    case 'losePage': {
      const pages = await world.store.pageIds()
      if (pages.length > 0) await world.store.remove([], [pages[step.page % pages.length]!])
      return
    }
    default:
      return runInTab(world, seats, step)
  }
}

async function runInTab(
  world: World,
  seats: Seat[],
  step: Exclude<Command, { type: 'put' | 'remove' | 'losePage' }>,
) {
  const seat = seats[step.tab]!
  const { tab: one, store } = seat
  switch (step.type) {
    case 'follow':
      await one.follow()
      return expectExact(seat)
    case 'jump':
      await one.table.jump()
      return
    case 'dump':
      return drive(one.scheduler, one.view.checkpointNow(true))
    case 'idle':
      one.scheduler.advance(3_000)
      return drive(one.scheduler, one.view.checkpointNow(false))
    case 'adopt':
      return one.view.adopt()
    case 'rebuild':
      return drive(one.scheduler, one.view.rebuild())
    case 'ask':
      // A tab whose table is behind the dump waits for it: the dispatcher goes on meanwhile.
      await drive(one.scheduler, one.search(step.text), () => one.table.follow())
      return
    case 'startOver':
      return one.table.startOver(new Map(one.table.rows))
    case 'crash':
      one.crash()
      seats[step.tab] = await sit(world, one.table.generation)
      return
    case 'crashWhileDumping':
      store.writesLeft = step.writes
      await drive(one.scheduler, one.view.checkpointNow(true)).catch(() => undefined)
      one.crash()
      seats[step.tab] = await sit(world, one.table.generation)
  }
}

describe('whatever happens', () => {
  test('answers are what the rows say (V2, V3, V4, V7)', PATIENT, async () => {
    const property = fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = createWorld()
      const seats: Seat[] = []
      for (let i = 0; i < TABS; i++) seats.push(await sit(world, 1))
      for (const step of steps) await run(world, seats, step)
      for (const seat of seats) {
        await seat.tab.follow()
        await settle(seat)
        await expectExact(seat)
      }
      const [one, other] = seats
      for (const asked of ['red', 'blue gr', 'grun']) {
        expect(await one!.tab.search(asked)).toEqual(await other!.tab.search(asked))
        expect(await one!.tab.suggest(asked)).toEqual(await other!.tab.suggest(asked))
      }
      expect(await digestsOf(one!)).toEqual(await digestsOf(other!))
      for (const { tab: open } of seats) await open.view.close()
    })
    await fc.assert(property, { seed, numRuns: 200, examples: kept })
  })
})

/** Jumps and new starts are followed in their own time. */
async function settle({ tab: one }: Seat): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const [status] = one.view.status(one.table.position)
    if (status!.state === 'live' && status!.lag === 0) return
    await one.scheduler.nextTurn()
    one.scheduler.advance(10)
  }
}

async function digestsOf({ tab: one }: Seat): Promise<readonly unknown[]> {
  const digests: unknown[] = []
  for await (const digest of one.view.digests(one.view.name)) digests.push(digest)
  return digests
}
