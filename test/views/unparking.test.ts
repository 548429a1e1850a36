// Whether a view is parked is a matter of the events, like its answers, not of the order in which they came (V3): a fold
// that fails only while an older event is missing takes its view up again by itself when that event comes.

import { type Log, ORIGIN, type StoredEvent } from '@headwater/log'
import { type AnyView, aggregate, count, sum, table } from '@headwater/views'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { compareStamps } from '../../packages/views/src/table/stamp.ts'
import {
  Adjusted,
  allEvents,
  ask,
  Closed,
  closeTabs,
  createProfile,
  Opened,
  openTab,
  type Profile,
  START_MS,
  type Tab,
} from './world.ts'

afterEach(closeTabs)

interface Row {
  readonly points: number
  readonly status: 'open' | 'closed'
}

type Fold = (row: Row | undefined, data: { readonly points?: number }) => Row

/** Each refuses what makes no sense to it. */
const strictFolds: Readonly<Record<string, Fold>> = {
  opened: (row, { points = 0 }) => {
    if (row) throw new Error('it is there already')
    return { points, status: 'open' }
  },
  adjusted: (row, { points = 0 }) => {
    if (!row) throw new Error('there is nothing to adjust')
    return { ...row, points }
  },
  closed: (row) => {
    if (row?.status !== 'open') throw new Error('it is not open')
    return { ...row, status: 'closed' }
  },
}

function strictViews(): readonly AnyView[] {
  const strict = table<Row>('strict')
    .on(Opened, (row, { data }) => strictFolds.opened!(row, data))
    .on(Adjusted, (row, { data }) => strictFolds.adjusted!(row, data))
    .on(Closed, (row) => strictFolds.closed!(row, {}))
    .index('byStatus', (row) => [row.status, row.points])
  const totals = aggregate('totals', strict, {
    groupBy: (row) => row.status,
    measures: { rows: count(), points: sum((row) => row.points) },
  })
  return [strict, totals]
}

/** The rows that folding everything in the order of stamps gives; nothing where that fails. */
function naiveRows(events: readonly StoredEvent[]): ReadonlyMap<string, Row> | undefined {
  const rows = new Map<string, Row>()
  try {
    for (const { type, data } of events.toSorted(compareStamps)) {
      const { id } = data as { id: string }
      rows.set(id, strictFolds[type]!(rows.get(id), data as { points?: number }))
    }
  } catch {
    return undefined
  }
  return rows
}

const stateOf = (tab: Tab): string | undefined =>
  tab.views.status().find(({ name }) => name === 'strict')?.state

/** Waits until a tab is what all events together make of it. */
async function expectOutcome(tab: Tab, log: Log): Promise<void> {
  await tab.log.refresh()
  const rows = naiveRows(await allEvents(log))
  await expect.poll(() => stateOf(tab), { interval: 5 }).toBe(rows ? 'live' : 'parked')
  if (!rows) return
  expect(await ask(tab, 'strict', 'count')).toBe(rows.size)
  for (const [key, row] of [...rows].slice(0, 50)) expect(await ask(tab, 'strict', 'get', key)).toEqual(row)
  expect((await tab.views.verify('totals')).equal).toBe(true)
}

async function commitsOf(log: Log): Promise<readonly Uint8Array[]> {
  return (await log.readCommits(ORIGIN)).commits.map(({ bytes }) => bytes)
}

/** Two authors: one opens, the other, a second later, closes what it opened. */
async function authors(): Promise<{ readonly opening: Uint8Array; readonly closing: Uint8Array }> {
  const [one, other] = [createProfile(1), createProfile(2)]
  await one.append(Opened({ id: 'a', points: 1 }))
  other.clock.ms += 1_000
  await other.append(Closed({ id: 'a' }))
  return { opening: (await commitsOf(one.log))[0]!, closing: (await commitsOf(other.log))[0]! }
}

describe('an event that comes before the one that it rests on', () => {
  test('parks its view, which goes on when the older one comes (V3, V6)', async () => {
    const { opening, closing } = await authors()
    const profile = createProfile(3)
    const tab = await openTab(profile, strictViews())
    await profile.append(Opened({ id: 'b', points: 2 }))
    await ask(tab, 'strict', 'count')
    await tab.log.merge([closing])
    await expect.poll(() => stateOf(tab)).toBe('parked')
    await tab.log.append([Adjusted({ id: 'b', points: 3 })])
    expect(stateOf(tab)).toBe('parked')
    await tab.log.merge([opening])
    await expectOutcome(tab, profile.log)
    await tab.views.checkpoint()
    await expectOutcome(await openTab(profile, strictViews()), profile.log)
  })

  test('parks nothing that is folded from nothing, whole or opened anew (V2, V3)', async () => {
    const { opening, closing } = await authors()
    const profile = createProfile(3)
    await profile.log.merge([closing])
    for (let i = 0; i < 30; i++) {
      await profile.append(...Array.from({ length: 200 }, (_, j) => Opened({ id: `${i} ${j}`, points: j })))
    }
    await profile.log.merge([opening])
    const tab = await openTab(profile, strictViews())
    await expectOutcome(tab, profile.log)
    expect(await ask(tab, 'strict', 'get', 'a')).toEqual({ points: 1, status: 'closed' })
  })

  test('a view that nothing answers for yet is taken up where it stood (V3)', async () => {
    const { opening, closing } = await authors()
    const profile = createProfile(3)
    await profile.log.merge([closing])
    const tab = await openTab(profile, strictViews())
    await expect.poll(() => stateOf(tab)).toBe('parked')
    await tab.log.merge([opening])
    await expectOutcome(tab, profile.log)
  })

  test('a view that is parked at its base is taken up at the next opening (V2, V3)', async () => {
    const { opening, closing } = await authors()
    const profile = createProfile(3)
    const tab = await openTab(profile, strictViews())
    await profile.append(Opened({ id: 'b', points: 2 }))
    await ask(tab, 'strict', 'count')
    await profile.log.merge([closing])
    await tab.log.refresh()
    await expect.poll(() => stateOf(tab)).toBe('parked')
    await tab.views.checkpoint()
    for (let i = 0; i < 600; i++) await profile.append(Opened({ id: `k${i}`, points: i }))
    await profile.log.merge([opening])
    const again = await openTab(profile, strictViews())
    await expectOutcome(again, profile.log)
    await expectOutcome(tab, profile.log)
  })

  test('what cannot help is not folded anew for', async () => {
    const { closing } = await authors()
    const profile = createProfile(3)
    let folds = 0
    const counting = table<Row>('strict')
      .on(Opened, (row, { data }) => {
        folds++
        return strictFolds.opened!(row, data)
      })
      .on(Closed, (row) => strictFolds.closed!(row, {}))
    const tab = await openTab(profile, [counting])
    await profile.append(Opened({ id: 'b', points: 2 }))
    await ask(tab, 'strict', 'count')
    await tab.log.merge([closing])
    await expect.poll(() => stateOf(tab)).toBe('parked')
    const before = folds
    for (let i = 0; i < 50; i++) await tab.log.append([Opened({ id: `k${i}`, points: i })])
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(folds).toBe(before)
  })
})

const id = fc.constantFrom('a', 'b')
const draft = fc.oneof(
  { weight: 3, arbitrary: id.map((each) => Opened({ id: each, points: 1 })) },
  { weight: 3, arbitrary: fc.record({ id, points: fc.nat(9) }).map((data) => Adjusted(data)) },
  { weight: 2, arbitrary: id.map((each) => Closed({ id: each })) },
)
/** Commits in the order of their stamps, each by one of three authors, and the order in which a replica is given them. */
const history = fc.record({
  commits: fc.array(fc.record({ author: fc.nat(2), draft }), { minLength: 1, maxLength: 6 }),
  order: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
  pauses: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
})

/** Shuffled as `order` says, but each author's commits in their own order, as a log takes them. */
function shuffled<T extends { readonly author: number }>(
  commits: readonly T[],
  order: readonly number[],
): T[] {
  const waiting = [...commits]
  return order.slice(0, commits.length).map((draw) => {
    const first = waiting.filter(
      (each, at) => waiting.findIndex(({ author }) => author === each.author) === at,
    )
    const next = first[draw % first.length]!
    waiting.splice(waiting.indexOf(next), 1)
    return next
  })
}

test('replicas that have the same events are parked alike, or answer alike, in whatever order they came (V3)', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.nat(), async ({ commits, order, pauses }, seed) => {
      const writers: readonly Profile[] = [0, 1, 2].map((n) => createProfile(seed * 4 + n))
      const made: { readonly author: number; readonly bytes: Uint8Array }[] = []
      for (const [at, { author, draft: each }] of commits.entries()) {
        const { clock, log } = writers[author]!
        clock.ms = START_MS + at * 1_000
        await log.append([each])
        made.push({ author, bytes: (await commitsOf(log)).at(-1)! })
      }
      const reader = createProfile(seed * 4 + 3)
      reader.clock.ms = START_MS + 10_000
      const tab = await openTab(reader, strictViews())
      for (const [at, { bytes }] of shuffled(made, order).entries()) {
        await tab.log.merge([bytes])
        if (pauses[at]) await new Promise((resolve) => setTimeout(resolve, 2))
      }
      await expectOutcome(tab, reader.log)
      await tab.close()
    }),
    { numRuns: 150 },
  )
}, 120_000)
