// Events of raw bytes: stored as they are, beside events of JSON in one commit, in every record they come to lie in.

import {
  createEventRegistry,
  createMemoryLog,
  type Draft,
  defineEvent,
  defineRawEvent,
  type EventType,
  isHeadwaterError,
  ORIGIN,
  packDrafts,
} from '@headwater/log'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Anything, createWorld, Noted } from './world.ts'

const faultOf = (bytes: Uint8Array): string | undefined => (bytes[0] === 7 ? 'it begins with 7' : undefined)
const Raw = defineRawEvent('raw', { version: 2, key: (data) => String(data.length), faultOf })
const SEED = 20_270_105

function open(types: readonly EventType[] = [Raw, Noted, Anything]): ReturnType<typeof createMemoryLog> {
  const { clock, random } = createWorld()
  return createMemoryLog({ events: createEventRegistry(types), clock, random })
}

test('any bytes are given back as they were, beside JSON, before and after packing (L1, L7)', async () => {
  const bytes = fc
    .uint8Array({ maxLength: 300 })
    .filter(([first]) => first !== 7)
    .map((data): Draft => Raw(data))
  const json = fc.string({ unit: 'binary' }).map((text): Draft => Noted({ id: 'a', text }))
  const commits = fc.array(fc.array(fc.oneof(bytes, json), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(commits, async (drafts) => {
      const log = open()
      for (const commit of drafts) await log.append(commit)
      const expected = drafts.flat().map(({ data }) => data)
      expect((await log.read(ORIGIN)).events.map(({ data }) => data)).toEqual(expected)
      await log.pack()
      expect((await log.read(ORIGIN)).events.map(({ data }) => data)).toEqual(expected)
    }),
    { seed: SEED, numRuns: 100 },
  )
})

test('what is no bytes, is found wrong, or is over 256 KiB is refused with its path', () => {
  const codeOf = (data: unknown): unknown => {
    try {
      const draft: Draft = { type: 'raw', version: 2, data }
      packDrafts([draft], createEventRegistry([Raw]), createWorld().random)
      return undefined
    } catch (error) {
      return isHeadwaterError(error) ? [error.code, error.path] : error
    }
  }
  expect(codeOf('text')).toEqual(['EVENT_INVALID', [0]])
  expect(codeOf(Uint8Array.of(7))).toEqual(['EVENT_INVALID', [0]])
  expect(codeOf(new Uint8Array(262_145))).toEqual(['EVENT_INVALID', [0]])
  expect(codeOf(new Uint8Array(262_144))).toBeUndefined()
})

test('a newer version, and a body in the other encoding, become faults', async () => {
  const log = open()
  await log.append([Raw(Uint8Array.of(1))])
  const { commits } = await log.readCommits(ORIGIN)
  const faultIn = async (type: EventType): Promise<string | undefined> => {
    const other = open([type])
    await other.merge(commits.map(({ bytes }) => bytes))
    return (await other.read(ORIGIN)).events[0]?.fault?.code
  }
  expect(await faultIn(Raw)).toBeUndefined()
  expect(await faultIn(defineRawEvent('raw', { version: 1, key: () => '', faultOf }))).toBe('EVENT_NEWER')
  expect(await faultIn(defineEvent('raw', { version: 1, schema: Anything.schema }))).toBe('FORMAT_NEWER')
})
