// Everything that may happen to views, as steps that fast-check draws: appends of several events, commits of another
// replica that arrive late, deletes and new rows, functions that break and are repaired, checkpoints, tabs that open and
// close, adoption, rebuilds. After every step each open tab must answer what the naive twins say.

import type { Draft, StoredEvent } from '@headwater/log'
import { type AnyView, type TableDefinition, table } from '@headwater/views'
import fc from 'fast-check'
import { expectNaive, expectTable } from './comparison.ts'
import {
  Adjusted,
  allEvents,
  byOwner,
  byStatus,
  bySteps,
  Closed,
  Deleted,
  Doubled,
  everything,
  folds,
  type Item,
  Moved,
  mergeAll,
  movedKeys,
  Opened,
  type Profile,
  Seen,
  type Tab,
  type TabOptions,
} from './world.ts'

export type Step =
  | { readonly type: 'append' | 'foreign'; readonly drafts: readonly Draft[]; readonly aheadMs: number }
  | { readonly type: 'merge' | 'closeTab' | 'adopt' | 'breakFold' | 'mendFold' }
  | { readonly type: 'openTab'; readonly bounds: NonNullable<TabOptions['bounds']> }
  | { readonly type: 'checkpoint' | 'rebuild' | 'rebuildAggregate'; readonly tab: number }

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const points = fc.integer({ min: -4_096, max: 4_096 }).map((number) => number / 1_024)
const owner = fc.constantFrom('ann', 'bob', 'cem')
const draft: fc.Arbitrary<Draft> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ id, points, owner }, { requiredKeys: ['id', 'points'] })
      .map((data): Draft => Opened(data)),
  },
  { weight: 2, arbitrary: fc.record({ id, points }).map((data): Draft => Adjusted(data)) },
  { weight: 2, arbitrary: fc.record({ from: id, to: id, points }).map((data): Draft => Moved(data)) },
  ...[Doubled, Closed, Deleted, Seen].map((type) => ({
    weight: 1,
    arbitrary: fc.record({ id }).map((data): Draft => type(data)),
  })),
)
const drafts = fc.array(draft, { minLength: 1, maxLength: 6 })
const aheadMs = fc.constantFrom(0, 1, 50, 1_000)
const tab = fc.nat({ max: 2 })
const bounds = fc.constantFrom(
  {},
  { cacheBytes: 1 },
  { overlayBytes: 2_000 },
  { cacheBytes: 1, overlayBytes: 500 },
)

/** One step. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('append' as const), drafts, aheadMs }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('foreign' as const), drafts, aheadMs }) },
  { weight: 3, arbitrary: fc.constant({ type: 'merge' as const }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('checkpoint' as const), tab }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('openTab' as const), bounds }) },
  ...(['closeTab', 'adopt', 'breakFold', 'mendFold'] as const).map((type) => ({
    weight: 1,
    arbitrary: fc.constant({ type }),
  })),
  { weight: 1, arbitrary: fc.record({ type: fc.constant('rebuild' as const), tab }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('rebuildAggregate' as const), tab }) },
)

/** Where the weather happens. */
export interface Place {
  readonly profile: Profile
  /** Another replica. */
  readonly other: Profile
  openTab(definitions: readonly AnyView[], options: TabOptions): Promise<Tab>
}

interface Weather extends Place {
  readonly tabs: Tab[]
  readonly definitions: readonly AnyView[]
  readonly fragile: { broken: boolean }
}

/** Takes the steps, and compares after each of them. */
export async function takeSteps(place: Place, steps: readonly Step[]): Promise<void> {
  const fragile = { broken: false }
  const definitions = [...everything, fragileTable(fragile)]
  const weather: Weather = { ...place, fragile, definitions, tabs: [] }
  weather.tabs.push(await place.openTab(definitions, {}))
  try {
    for (const step of steps) {
      await take(weather, step)
      for (const each of weather.tabs) await compare(each, weather)
    }
  } finally {
    for (const each of weather.tabs) await each.close()
  }
}

async function compare(each: Tab, { profile, fragile }: Weather): Promise<void> {
  await expectNaive(each, profile)
  if (!fragile.broken) await expectTable(each, await allEvents(profile.log), 'fragile')
}

/** The same table under another name, whose fold of `doubled` fails while it is broken. */
function fragileTable(fragile: { readonly broken: boolean }): TableDefinition<string, Item> {
  const doubled = (row: Item | undefined, event: StoredEvent): Item | undefined => {
    if (fragile.broken) throw new Error(`broken at ${event.offset}`)
    return folds.doubled(row)
  }
  return table<Item>('fragile')
    .on(Opened, folds.opened)
    .on(Doubled, doubled)
    .on(Adjusted, folds.adjusted)
    .on(Closed, folds.closed)
    .on(Deleted, folds.deleted)
    .on(Moved, folds.moved, { key: movedKeys })
    .index('byStatus', byStatus)
    .index('byOwner', byOwner)
    .indexEach('byStep', bySteps)
}

async function take(weather: Weather, step: Step): Promise<void> {
  const { profile, other, tabs, definitions, fragile } = weather
  const at = (index: number): Tab => tabs[index % tabs.length]!
  switch (step.type) {
    case 'append':
      profile.clock.ms += step.aheadMs
      await profile.append(...step.drafts)
      break
    case 'foreign':
      other.clock.ms += step.aheadMs
      await other.append(...step.drafts)
      break
    case 'merge':
      await mergeAll(other.log, profile.log)
      break
    case 'openTab':
      if (tabs.length < 3) tabs.push(await weather.openTab(definitions, { bounds: step.bounds }))
      break
    case 'closeTab':
      await tabs.shift()?.close()
      if (tabs.length === 0) tabs.push(await weather.openTab(definitions, {}))
      break
    case 'adopt':
      for (const { views } of tabs) views.noticeCheckpoint()
      break
    case 'breakFold':
      fragile.broken = true
      break
    case 'mendFold':
      fragile.broken = false
      for (const { views } of tabs) await views.rebuild('fragile')
      break
    case 'checkpoint':
      await at(step.tab).views.checkpoint()
      break
    case 'rebuild':
      await at(step.tab).views.rebuild('items')
      break
    case 'rebuildAggregate':
      await at(step.tab).views.rebuild('perStatus')
      break
  }
}
