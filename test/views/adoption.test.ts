// Taking over another tab's base is one step: at no moment between two tasks of the event loop is an answer read from the
// new base under the old position, or the other way round (V4). And it takes nothing back that a tab knows better.

import type { Sequence } from '@headwater/log'
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
  statusOf,
  type Tab,
} from './world.ts'

afterEach(closeTabs)

/** A tab whose log gives nothing more once it is held, so that it falls behind. */
async function openHeld(
  profile: ReturnType<typeof createProfile>,
): Promise<{ readonly tab: Tab; readonly hold: () => void }> {
  const log = profile.openLog()
  let isHeld = false
  const read: typeof log.read = (...args) => (isHeld ? new Promise(() => undefined) : log.read(...args))
  const held = new Proxy(log, { get: (target, name) => (name === 'read' ? read : Reflect.get(target, name)) })
  const tab = await openTab(profile, everything, { log: held })
  const hold = (): void => {
    isHeld = true
  }
  return { tab, hold }
}

/** What a tab answers at every step of its promises, while it looks for another tab's base. */
async function answersWhileAdopting(tab: Tab, request: Parameters<Tab['views']['answer']>[0]) {
  const answers: { readonly position: number; readonly value: unknown }[] = []
  tab.views.noticeCheckpoint()
  for (let step = 0; step < 2_000; step++) {
    await Promise.resolve()
    const answer = tab.views.answer(request)
    if (answer instanceof Promise) await answer.then((each) => answers.push(each))
    else answers.push(answer)
  }
  return answers
}

const oneRow = { view: 'items', method: 'get', args: ['a'] } as const
const oneGroup = { view: 'perStatus', method: 'get', args: ['open'] } as const

test.each([
  ['a row', oneRow],
  ['a group whose part was built anew', oneGroup],
])('%s is answered from one position throughout a jump', async (_what, request) => {
  const profile = createProfile()
  const leader = await openTab(profile)
  await profile.append(Opened({ id: 'a', points: 1 }))
  await ask(leader, 'items', 'count')
  await leader.views.checkpoint()
  const { tab, hold } = await openHeld(profile)
  await tab.views.query(request)
  hold()
  for (let points = 2; points <= 9; points++) await profile.append(Adjusted({ id: 'a', points }))
  await ask(leader, 'items', 'count')
  await leader.views.rebuild('perStatus')
  await leader.views.checkpoint()
  const answers = await answersWhileAdopting(tab, request)
  expect(answers.at(-1)?.position).toBe(9)
  for (const { position, value } of answers) expect(value).toMatchObject({ points: position })
})

test('a base made ahead of a voiding, by a tab that has not heard of it, brings nothing back that was voided (V3)', async () => {
  const profile = createProfile()
  await profile.append(Opened({ id: 'a', points: 1 }))
  const { tab: behind, hold } = await openHeld(profile)
  await ask(behind, 'items', 'count')
  await behind.views.checkpoint()
  const tab = await openTab(profile)
  await profile.append(Adjusted({ id: 'a', points: 2 }))
  for (const each of [behind, tab]) await ask(each, 'items', 'count')
  hold()
  await profile.log.reissue({ replica: profile.log.replica, after: 1 as Sequence })
  expect(await ask(tab, 'items', 'history', 'a')).toMatchObject([{ offset: 1 }, { offset: 3 }])
  await behind.views.checkpoint()
  tab.views.noticeCheckpoint()
  await expect.poll(() => statusOf(tab).checkpoint).toBe(2)
  expect(await ask(tab, 'items', 'history', 'a')).toMatchObject([{ offset: 1 }, { offset: 3 }])
  await expectNaive(tab, profile)
})
