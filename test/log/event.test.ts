// Event types, the registry and what is refused when they are defined or drafts are packed.

import {
  checkDrafts,
  createEventRegistry,
  type Draft,
  defineEvent,
  type HeadwaterError,
  isHeadwaterError,
  packDrafts,
  type StandardSchemaV1,
} from '@headwater/log'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { Anything, createWorld, Noted, takesAll } from './world.ts'

const schema = v.object({ id: v.string() })

test('a definition that cannot be stored is refused', () => {
  const bad = [
    () => defineEvent('', { schema }),
    () => defineEvent('x'.repeat(256), { schema }),
    () => defineEvent('lone \ud800', { schema }),
    () => defineEvent('a', { schema, version: 0 }),
    () => defineEvent('a', { schema, version: 1.5 }),
    () => defineEvent('a', { schema, upcast: { 1: (old) => old } }),
  ]
  for (const define of bad) expect(codeOf(define)).toBe('DEFINITION_INVALID')
})

test('a gap in the upcasters is refused at definition', () => {
  expect(codeOf(() => defineEvent('a', { schema, version: 2 }))).toBe('UPCAST_GAP')
  expect(codeOf(() => defineEvent('a', { schema, version: 3, upcast: { 2: (old) => old } }))).toBe(
    'UPCAST_GAP',
  )
  expect(defineEvent('a', { schema, version: 2, upcast: { 1: (old) => old } }).version).toBe(2)
})

test('a schema that validates asynchronously is refused at definition, or at append at the latest', () => {
  expect(codeOf(() => defineEvent('a', { schema: v.objectAsync({ id: v.string() }) }))).toBe('SCHEMA_ASYNC')
  const late: StandardSchemaV1<{ id: string }> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => (value === undefined ? { issues: [] } : Promise.resolve({ value: { id: '1' } })),
    },
  }
  const Late = defineEvent('late', { schema: late })
  expect(codeOf(() => pack([Late({ id: '1' })], Late))).toBe('SCHEMA_ASYNC')
})

test('a schema that throws at the probe is taken', () => {
  const picky = takesAll<{ id: string }>()
  const validate = (value: unknown): StandardSchemaV1.Result<{ id: string }> => ({
    value: { id: (value as { id: string }).id },
  })
  const Picky = defineEvent('picky', { schema: { '~standard': { ...picky['~standard'], validate } } })
  expect(pack([Picky({ id: '1' })], Picky).count).toBe(1)
})

test('two types of one name are refused, the same type twice is not', () => {
  const [one, other] = [defineEvent('a', { schema }), defineEvent('a', { schema })]
  expect(codeOf(() => createEventRegistry([one, other]))).toBe('DEFINITION_INVALID')
  expect(createEventRegistry([one, one]).events).toHaveLength(1)
})

test('old versions are lifted step by step and frozen', () => {
  const upcast = {
    1: (old: object) => ({ ...old, points: 0, gone: undefined }),
    2: (old: { points?: number }) => ({ ...old, points: (old.points ?? 0) + 1 }),
  }
  const Now = defineEvent('a', { schema, version: 3, upcast })
  const registry = createEventRegistry([Now])
  const lifted = registry.lift(Now, 1, { id: '1' })
  expect(lifted).toEqual({ version: 3, data: { id: '1', points: 1 } })
  expect(Object.isFrozen(lifted.data)).toBe(true)
  expect(registry.lift(Now, 2, { id: '1', points: 5 }).data).toEqual({ id: '1', points: 6 })
})

test('a newer version and a failing upcaster become faults, not exceptions', () => {
  const upcast = { 1: () => ({ at: new Date(0) }), 2: () => failing() }
  const Now = defineEvent('a', { schema, version: 3, upcast })
  const registry = createEventRegistry([Now])
  expect(registry.lift(Now, 4, {}).fault).toMatchObject({
    code: 'EVENT_NEWER',
    facts: { version: 4, known: 3 },
  })
  expect(registry.lift(Now, 2, {}).fault).toMatchObject({ code: 'UPCAST_FAILED', cause: { message: 'no' } })
  const NotJson = defineEvent('b', { schema, version: 2, upcast: { 1: upcast[1] } })
  expect(registry.lift(NotJson, 1, {}).fault?.message).toContain('a Date at data.at')
})

const refused: readonly [string, () => readonly Draft[], object][] = [
  ['no event', () => [], { code: 'COMMIT_EMPTY' }],
  ['4,097 events', () => Array.from({ length: 4_097 }, () => Anything(1)), { code: 'COMMIT_TOO_LARGE' }],
  [
    'over 1 MiB',
    () => Array.from({ length: 5 }, () => Anything('x'.repeat(250_000))),
    { code: 'COMMIT_TOO_LARGE' },
  ],
  [
    'an event over 256 KiB',
    () => [Anything(1), Anything('ü'.repeat(131_072))],
    { code: 'EVENT_TOO_LARGE', path: [1] },
  ],
  ['an unknown type', () => [{ type: 'none', version: 1, data: 1 }], { code: 'EVENT_UNKNOWN', path: [0] }],
  ['another version', () => [{ ...Anything(1), version: 2 }], { code: 'EVENT_INVALID', path: [0] }],
  [
    'what fails its schema',
    () => [Noted({ id: 'a', text: 1 as never })],
    { code: 'EVENT_INVALID', path: [0, 'text'] },
  ],
  ['a function', () => [Anything({ a: [() => 1] })], { code: 'EVENT_NOT_JSON', path: [0, 'a', 0] }],
  ['raw bytes', () => [Anything(new Uint8Array(2))], { code: 'EVENT_NOT_JSON', path: [0] }],
]

for (const [what, drafts, error] of refused) {
  test(`a commit with ${what} is refused with its path`, () => {
    expect(errorOf(() => packDrafts(drafts(), createWorld().events, createWorld().random))).toMatchObject(
      error,
    )
  })
}

test('a commit of exactly 1 MiB is taken, and what only checks draws the line where what encodes does', () => {
  const { events, random } = createWorld()
  const drafts = (last: number) => [
    ...['ü', '日', '𝄞', 'x'].map((letter) =>
      Anything(letter.repeat(261_000 / new TextEncoder().encode(letter).length)),
    ),
    Noted({ id: 'a', text: 'y'.repeat(last) }),
  ]
  const { head, bodies } = packDrafts(drafts(0), events, random)
  const room = 1_048_576 - 1_024 - head.length - bodies.length
  for (const write of [packDrafts, checkDrafts]) {
    expect(() => write(drafts(room), events, random)).not.toThrow()
    expect(errorOf(() => write(drafts(room + 1), events, random))).toMatchObject({ code: 'COMMIT_TOO_LARGE' })
  }
})

test('a body of exactly 256 KiB is taken', () => {
  const data = 'ü'.repeat(131_071)
  expect(pack([Anything(data)], Anything).bodies.length).toBe(262_145)
})

test('what a transforming schema returns is stored, and must pass it again unchanged', () => {
  const trimmed = v.object({ id: v.pipe(v.string(), v.trim()) })
  const Trimmed = defineEvent('trimmed', { schema: trimmed })
  const packed = pack([Trimmed({ id: '  x ' })], Trimmed)
  expect(new TextDecoder().decode(packed.bodies)).toBe('{"id":"x"},')
  const counting = v.object({
    id: v.pipe(
      v.string(),
      v.transform((id) => `${id}!`),
    ),
  })
  const Counting = defineEvent('counting', { schema: counting })
  expect(errorOf(() => pack([Counting({ id: 'x' })], Counting))).toMatchObject({
    code: 'SCHEMA_UNSTABLE',
    path: [0],
  })
  const dated = v.pipe(
    v.object({ id: v.string() }),
    v.transform(() => new Date(0)),
  )
  const Dated = defineEvent('dated', { schema: dated })
  expect(errorOf(() => pack([Dated({ id: 'x' })], Dated))).toMatchObject({ code: 'EVENT_NOT_JSON' })
})

function pack(
  drafts: readonly Draft[],
  event: Parameters<typeof createEventRegistry>[0][number],
): ReturnType<typeof packDrafts> {
  return packDrafts(drafts, createEventRegistry([event]), createWorld().random)
}

function errorOf(run: () => unknown): HeadwaterError {
  try {
    run()
  } catch (error) {
    if (isHeadwaterError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

function codeOf(run: () => unknown): string {
  return errorOf(run).code
}

function failing(): never {
  throw new Error('no')
}
