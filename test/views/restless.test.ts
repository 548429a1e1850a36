// Logs that never rest: every read of one ends with another commit on its way. What a view has to reach is where the log
// was when it began, so that no wait goes on for as long as somebody writes (D4).

import type { Log } from '@headwater/log'
import { table } from '@headwater/views'
import { afterEach, expect, test } from 'vitest'
import { expectNaive } from './comparison.ts'
import {
  Adjusted,
  ask,
  closeTabs,
  createProfile,
  everything,
  Opened,
  openTab,
  type Profile,
} from './world.ts'

afterEach(closeTabs)

/** A log that grows with every read, until it is told to rest. */
function restless(profile: Profile): { readonly log: Log; readonly rest: () => void } {
  const log = profile.openLog()
  let grows = true
  const read: Log['read'] = async (...args) => {
    const batch = await log.read(...args)
    if (grows) await log.append([Adjusted({ id: 'a', points: log.head })])
    return batch
  }
  const rest = (): void => {
    grows = false
  }
  return {
    log: new Proxy(log, { get: (target, name) => (name === 'read' ? read : Reflect.get(target, name)) }),
    rest,
  }
}

test('a view that is folded from nothing is whole once it has reached the head found at opening', async () => {
  const profile = createProfile()
  await profile.append(Opened({ id: 'a', points: 1 }), Opened({ id: 'b', points: 2 }))
  const { log, rest } = restless(profile)
  const tab = await openTab(profile, everything, { log })
  const answer = await tab.views.query({ view: 'items', method: 'get', args: ['b'] })
  expect(answer.value).toMatchObject({ points: 2 })
  rest()
  await expectNaive(tab, profile)
})

test('a rebuild ends while events keep coming (V5)', async () => {
  const profile = createProfile()
  const { log, rest } = restless(profile)
  const tab = await openTab(profile, everything, { log })
  for (let i = 0; i < 40; i++) await profile.append(Opened({ id: `k${i}`, points: i }))
  rest()
  await ask(tab, 'items', 'count')
  const again = restless(profile)
  const other = await openTab(profile, everything, { log: again.log })
  await other.views.query({ view: 'items', method: 'get', args: ['k1'] })
  await other.views.rebuild('items', { signal: AbortSignal.timeout(30_000) })
  again.rest()
  await expectNaive(other, profile)
})

test('a verification ends while events keep coming (V7)', async () => {
  const profile = createProfile()
  await profile.append(Opened({ id: 'a', points: 1 }))
  // Loads the code of verifying first: while that takes its time, a restless log would grow by as much.
  await (await openTab(profile)).views.verify('items')
  const { log, rest } = restless(profile)
  const tab = await openTab(profile, everything, { log })
  await tab.views.query({ view: 'items', method: 'get', args: ['a'] })
  expect(await tab.views.verify('items', { signal: AbortSignal.timeout(30_000) })).toMatchObject({
    equal: true,
  })
  rest()
})

test('a verification whose fold fails only now says so, and ends (V1, D4)', async () => {
  const profile = createProfile()
  let calls = 0
  const moody = table<{ readonly n: number }>('moody').on(Opened, () => {
    if (++calls > 2) throw new Error('not in the mood')
    return { n: 1 }
  })
  const tab = await openTab(profile, [moody])
  await profile.append(Opened({ id: 'a', points: 1 }), Opened({ id: 'b', points: 1 }))
  expect(await ask(tab, 'moody', 'count')).toBe(2)
  await expect(tab.views.verify('moody')).rejects.toMatchObject({
    code: 'VIEW_PARKED',
    cause: { code: 'FOLD_FAILED' },
  })
})
