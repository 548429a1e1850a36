// What is voided leaves documents: updates whose commits are set aside are taken back, and come again with the commits that
// replace theirs, wherever a tab has come to, stores, opens or takes over (V2, V3, V4). The naive twin applies what stands to one
// Yjs document.

import type { Sequence } from '@headwater/log'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { ViewGroup } from '../../packages/views/src/group/view-group.ts'
import { allEvents, mergeAll, type Profile } from '../views/world.ts'
import {
  type Author,
  appendUpdate,
  createAuthor,
  createWriter,
  digestsOf,
  feed,
  figuresOf,
  naiveContent,
  naiveDocuments,
  openFed,
  type TabStep,
  takeInTab,
  textIn,
} from './world.ts'

const SEED = 20_281_127
const IDS = ['a', 'b']

/** Somebody with a device of their own, from which this one has what it has. */
interface Device {
  readonly profile: Profile
  readonly authors: ReadonlyMap<string, Author>
  /** Behind this sequence its commits were set aside here. */
  fallenBehind: Sequence | undefined
}

interface Weather {
  readonly profile: Profile
  readonly devices: readonly Device[]
  readonly tabs: ViewGroup[]
}

type Step =
  | { readonly type: 'type'; readonly who: number; readonly id: string; readonly text: string }
  | { readonly type: 'meet'; readonly who: number; readonly id: string }
  | { readonly type: 'send'; readonly who: number }
  | { readonly type: 'fall'; readonly who: number; readonly last: number }
  | TabStep

const who = fc.nat(1)
const tab = fc.nat(2)
const id = fc.constantFrom(...IDS)
// Some texts are long enough that bases are made, and that an update comes in parts.
const text = fc.oneof(
  { weight: 9, arbitrary: fc.string({ minLength: 1, maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(40_000, 300_000).map((length) => 'paste '.repeat(length / 6)) },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('type' as const), who, id, text }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('meet' as const), who, id }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('send' as const), who }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('fall' as const), who, last: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('checkpoint', 'rebuild'), tab }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('open', 'closeTab', 'adopt') }) },
)

function createWeather(seed: number): Weather {
  const devices = [1, 2].map(
    (nth): Device => ({
      profile: createWriter(seed * 10 + nth),
      authors: new Map(IDS.map((each, i) => [each, createAuthor(nth * 100 + i)])),
      fallenBehind: undefined,
    }),
  )
  return { profile: createWriter(seed * 10), devices, tabs: [] }
}

async function take({ profile, devices, tabs }: Weather, step: Step): Promise<void> {
  switch (step.type) {
    case 'type': {
      const { profile: own, authors } = devices[step.who]!
      const update = authors.get(step.id)!.type((doc) => {
        const body = doc.getText('body')
        body.insert(body.length >> 1, step.text)
        if (step.text.length === 3) body.delete(0, 2)
      })
      await appendUpdate(own, step.id, update)
      break
    }
    case 'meet': {
      // What one types from now on rests on what the other has typed, whether that stands here or not.
      const [from, to] = [devices[1 - step.who]!, devices[step.who]!].map(
        (each) => each.authors.get(step.id)!,
      )
      Y.applyUpdate(to!.doc, Y.encodeStateAsUpdate(from!.doc))
      break
    }
    case 'send':
      await send(profile, devices[step.who]!)
      break
    case 'fall': {
      const device = devices[step.who]!
      const { replica } = device.profile.log
      const held = (await profile.log.vector()).get(replica)
      if (device.fallenBehind !== undefined || held === 0) break
      device.fallenBehind = Math.max(0, held - step.last) as Sequence
      await profile.log.setAside(replica, device.fallenBehind)
      break
    }
    default:
      await takeInTab(profile, tabs, step)
  }
}

/** What was set aside here its author writes again, and that is what comes. */
async function send(profile: Profile, device: Device): Promise<void> {
  const { log } = device.profile
  if (device.fallenBehind !== undefined)
    await log.reissue({ replica: log.replica, after: device.fallenBehind })
  device.fallenBehind = undefined
  await mergeAll(log, profile.log)
}

async function compare({ profile, tabs }: Weather, atOnce: number): Promise<void> {
  const naive = naiveDocuments(await allEvents(profile.log))
  for (const each of tabs) {
    await feed(profile, each, atOnce)
    for (const key of IDS) {
      const doc = naive.get(key)
      expect((await textIn(each, key)) ?? '').toBe(doc ? naiveContent(doc).text : '')
    }
  }
}

test('every tab holds what one document that was given every standing update holds (V2, V3, V4, V7)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), fc.nat(1_000), async (steps, seed) => {
      const weather = createWeather(seed)
      const { profile, devices, tabs } = weather
      tabs.push(await openFed(profile))
      for (const each of steps) {
        await take(weather, each)
        await compare(weather, 1 + (seed % 4))
      }
      for (const device of devices) await send(profile, device)
      await compare(weather, 2_000)
      // A replica that was given it in another order, and never heard of what fell, holds the same.
      const other = createWriter(seed + 5_000)
      for (const { profile: own } of [...devices].reverse()) await mergeAll(own.log, other.log)
      const there = await openFed(other)
      for (const each of tabs) expect(await digestsOf(each)).toEqual(await digestsOf(there))
      for (const each of [...tabs, there]) await each.close()
    }),
    { seed: SEED, numRuns: 60 },
  )
})

test('what rests on what was taken back waits for it, and a document without any is none', async () => {
  const { profile, devices, tabs } = createWeather(3)
  const [one, two] = devices as [Device, Device]
  const group = await openFed(profile)
  tabs.push(group)
  const texts = async (): Promise<unknown> => {
    await feed(profile, group)
    return [await textIn(group, 'a'), await figuresOf(group, 'a')]
  }
  const weather = { profile, devices, tabs }
  await take(weather, { type: 'type', who: 0, id: 'a', text: 'below' })
  await take(weather, { type: 'meet', who: 1, id: 'a' })
  await take(weather, { type: 'type', who: 1, id: 'a', text: ' on top ' })
  await send(profile, one)
  await send(profile, two)
  expect(await texts()).toMatchObject(['be on top low', { waiting: 0, taken: 0 }])
  await take(weather, { type: 'fall', who: 0, last: 1 })
  expect(await texts()).toMatchObject(['', { waiting: 1, taken: 2 }])
  await take(weather, { type: 'fall', who: 1, last: 1 })
  expect(await texts()).toEqual([undefined, undefined])
  expect((await group.answer({ view: 'notes', method: 'keys', args: [] })).value).toEqual([])
  await send(profile, two)
  await send(profile, one)
  expect(await texts()).toMatchObject(['be on top low', { waiting: 0 }])
  await group.close()
})
