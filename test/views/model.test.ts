// Views against their naive twins under everything that may happen to them, in an order drawn by fast-check: appends of
// several events, commits of another replica that arrive late, deletes and new rows, checkpoints, tabs that open and
// close, adoption, rebuilds. After every step each open tab must answer what the twins say.

import type { Draft } from '@headwater/log'
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { expectNaive } from './comparison.ts'
import {
  Adjusted,
  Closed,
  createProfile,
  Deleted,
  Doubled,
  Moved,
  mergeAll,
  Opened,
  type Profile,
  Seen,
  type Tab,
} from './world.ts'

interface Weather {
  readonly profile: Profile
  readonly other: Profile
  readonly tabs: Tab[]
}

type Step =
  | { readonly type: 'append' | 'foreign'; readonly drafts: readonly Draft[]; readonly aheadMs: number }
  | { readonly type: 'merge' | 'openTab' | 'closeTab' | 'adopt' }
  | { readonly type: 'checkpoint' | 'rebuild' | 'rebuildAggregate'; readonly tab: number }

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const points = fc.integer({ min: -4_096, max: 4_096 }).map((number) => number / 1_024)
const owner = fc.constantFrom('ann', 'bob', 'cem')
const draft: fc.Arbitrary<Draft> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ id, points, owner }, { requiredKeys: ['id', 'points'] })
      .map((data) => Opened(data)),
  },
  { weight: 2, arbitrary: fc.record({ id, points }).map(Adjusted) },
  { weight: 2, arbitrary: fc.record({ from: id, to: id, points }).map(Moved) },
  ...[Doubled, Closed, Deleted, Seen].map((type) => ({
    weight: 1,
    arbitrary: fc.record({ id }).map((data): Draft => type(data)),
  })),
)
const drafts = fc.array(draft, { minLength: 1, maxLength: 6 })
const aheadMs = fc.constantFrom(0, 1, 50, 1_000)
const tab = fc.nat({ max: 2 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('append' as const), drafts, aheadMs }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('foreign' as const), drafts, aheadMs }) },
  { weight: 3, arbitrary: fc.constant({ type: 'merge' as const }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('checkpoint' as const), tab }) },
  { weight: 1, arbitrary: fc.constant({ type: 'openTab' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'closeTab' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'adopt' as const }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('rebuild' as const), tab }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('rebuildAggregate' as const), tab }) },
)

async function take(weather: Weather, next: Step): Promise<void> {
  const { profile, other, tabs } = weather
  switch (next.type) {
    case 'append':
      profile.clock.ms += next.aheadMs
      await profile.append(...next.drafts)
      break
    case 'foreign':
      other.clock.ms += next.aheadMs
      await other.append(...next.drafts)
      break
    case 'merge':
      await mergeAll(other.log, profile.log)
      break
    case 'openTab':
      if (tabs.length < 3) tabs.push(await profile.open())
      break
    case 'closeTab':
      await tabs.shift()?.close()
      if (tabs.length === 0) tabs.push(await profile.open())
      break
    case 'adopt':
      for (const { views } of tabs) views.noticeCheckpoint()
      break
    case 'checkpoint':
      await tabs[next.tab % tabs.length]?.views.checkpoint()
      break
    case 'rebuild':
      await tabs[next.tab % tabs.length]?.views.rebuild('items')
      break
    case 'rebuildAggregate':
      await tabs[next.tab % tabs.length]?.views.rebuild('perStatus')
      break
  }
}

async function run(seed: number, steps: readonly Step[]): Promise<void> {
  const profile = createProfile(seed)
  const weather: Weather = { profile, other: createProfile(seed + 1), tabs: [await profile.open()] }
  try {
    for (const next of steps) {
      await take(weather, next)
      for (const each of weather.tabs) await expectNaive(each, profile)
    }
  } finally {
    for (const each of weather.tabs) await each.close()
  }
}

describe('views and their naive twins', () => {
  test('what is folded step by step is what is computed from all events (V7, V3, V2)', async () => {
    const runs = fc.asyncProperty(fc.nat(1_000), fc.array(step, { minLength: 1, maxLength: 24 }), run)
    await fc.assert(runs, { numRuns: 60, seed: 20_261_122 })
  }, 60_000)
})
