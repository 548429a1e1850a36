// Bad input, and what it gets: refused at append by name, with the path of the fault, and nothing stored; odd input is
// stored and given back exactly. Folds that misbehave park their view alone.
import { defineDatabase, defineEvent, HeadwaterError, table } from 'headwater'
import * as v from 'valibot'
import { afterEach, expect, test } from 'vitest'
import { closeAll, Noted, Opened, open, openings, refusalOf, tracker } from './world.ts'

afterEach(closeAll)

const cycle: Record<string, unknown> = { id: 'c' }
cycle.self = { again: cycle }
const deep = (levels: number): unknown => {
  let value: unknown = 'bottom'
  for (let level = 0; level < levels; level++) value = [value]
  return value
}
const sparse = Array(2)
sparse[1] = 1

test.each([
  ['fails its schema', [Opened({ id: 'a', title: 3 as never, points: 1 })], 'EVENT_INVALID', [0, 'title']],
  [
    'has NaN where the schema forbids it',
    [Opened({ id: 'a', title: '', points: Number.NaN })],
    'EVENT_NOT_JSON',
    [0, 'points'],
  ],
  ['is of an unknown type', [{ type: 'lost', version: 1, data: {} }], 'EVENT_UNKNOWN', [0]],
  ['is of another version', [{ type: 'note', version: 2, data: {} }], 'EVENT_INVALID', [0]],
  ['holds a function', [Noted({ a: [{ b: () => 1 }] })], 'EVENT_NOT_JSON', [0, 'a', 0, 'b']],
  ['holds a cycle', [Noted({ a: cycle })], 'EVENT_NOT_JSON', [0, 'a', 'self', 'again']],
  ['holds undefined in a list', [Noted([1, undefined])], 'EVENT_NOT_JSON', [0, 1]],
  ['holds a hole', [Noted(sparse)], 'EVENT_NOT_JSON', [0, 0]],
  ['holds -0', [Noted({ a: -0 })], 'EVENT_NOT_JSON', [0, 'a']],
  ['holds NaN', [Noted({ a: Number.NaN })], 'EVENT_NOT_JSON', [0, 'a']],
  ['holds a date', [Noted({ at: new Date(0) })], 'EVENT_NOT_JSON', [0, 'at']],
  ['holds a map', [Noted(new Map())], 'EVENT_NOT_JSON', [0]],
  ['is over 256 KiB', [Noted('x'.repeat(262_145))], 'EVENT_TOO_LARGE', [0]],
])(
  'an event that %s is refused with its path, and the rest of its commit with it (L1)',
  async (_what, bad, code, path) => {
    const db = await open(tracker)
    const refusal = await refusalOf(db.append([...bad, ...openings(2)]))
    expect(refusal).toBeInstanceOf(HeadwaterError)
    expect(refusal).toMatchObject({ code, path })
    expect((refusal as HeadwaterError).hint).not.toBe('')
    expect((await db.append(Noted(1))).offset).toBe(1)
  },
)

test.each([
  ['no event', [], 'COMMIT_EMPTY'],
  ['over 4,096 events', openings(4_097), 'COMMIT_TOO_LARGE'],
  ['over 1 MiB', Array.from({ length: 5 }, () => Noted('x'.repeat(240_000))), 'COMMIT_TOO_LARGE'],
])('a commit of %s is refused by name, and nothing is stored (L1)', async (_what, drafts, code) => {
  const db = await open(tracker)
  expect(await refusalOf(db.append(drafts))).toMatchObject({ code })
  expect(db.status.get().log.head).toBe(0)
})

test.each([
  ['__proto__', JSON.parse('{"__proto__":{"x":1},"constructor":2}')],
  ['a lone surrogate', { 'key\ud800': '\udfff' }],
  ['empty text', { '': '' }],
  ['a key of 2 KiB', { ['k'.repeat(2_048)]: null }],
  ['numbers at their ends', [Number.MAX_SAFE_INTEGER, 5e-324, 1.7976931348623157e308]],
  ['a thousand levels but one', deep(999)],
])('%s is stored and given back exactly', async (_what, data) => {
  const db = await open(tracker)
  await db.append(Noted(data))
  const [entry] = (await db.readLog()).entries
  expect(JSON.stringify(entry?.data)).toBe(JSON.stringify(data))
})

test('ten thousand levels of nesting are refused by name, never a stack that overflows', async () => {
  const db = await open(tracker)
  expect(await refusalOf(db.append(Noted(deep(10_000))))).toMatchObject({ code: 'EVENT_NOT_JSON' })
})

test('a row key of over 1 KiB is found again', async () => {
  const db = await open(tracker)
  const id = 'k'.repeat(3_000)
  const atLeast = await db.append(Opened({ id, title: 't', points: 1 }))
  expect(await db.views.issues.get(id, { atLeast })).toEqual({ id, title: 't', points: 1, status: 'open' })
})

test('what a schema returns is stored; one that does not take its own result back is refused by name', async () => {
  const Trimmed = defineEvent('trimmed', { schema: v.pipe(v.string(), v.trim()), key: () => 'a' })
  const Grown = defineEvent('grown', {
    schema: v.pipe(
      v.string(),
      v.transform((text) => `${text}!`),
    ),
  })
  const texts = table<string>('texts').on(Trimmed, (_row, { data }) => data)
  const db = await open(defineDatabase({ name: 'a', events: [Trimmed, Grown], views: { texts } }))
  const atLeast = await db.append(Trimmed('  a '))
  expect(await db.views.texts.get('a', { atLeast })).toBe('a')
  expect(await refusalOf(db.append(Grown('a')))).toMatchObject({ code: 'SCHEMA_UNSTABLE', path: [0] })
})

const Counted = defineEvent('counted', { schema: v.number(), key: () => 'all' })
const Marked = defineEvent('marked', { schema: v.string(), key: (id) => id })

test('a fold that throws parks its view alone, and a rebuild after the repair takes it up again; each change is told once (V6, D3)', async () => {
  let broken = true
  const sums = table<number>('sums').on(Counted, (row, { data }) => {
    if (broken && data === 2) throw new Error('two is too many')
    return (row ?? 0) + data
  })
  const marks = table<string>('marks').on(Marked, (_row, { data }) => data)
  const db = await open(defineDatabase({ name: 'a', events: [Counted, Marked], views: { sums, marks } }))
  const live = db.views.sums.get('all')
  const seen: string[] = []
  live.subscribe(() => seen.push(`${live.state().status} ${live.state().data}`))
  await expect.poll(() => live.state().status).toBe('ready')
  await db.append(Counted(1))
  await expect.poll(() => live.state()).toMatchObject({ status: 'ready', data: 1 })
  await db.append(Counted(2))
  const atLeast = await db.append(Marked('m'))
  expect(await db.views.marks.get('m', { atLeast })).toBe('m')
  await expect.poll(() => live.state()).toMatchObject({ status: 'stale', data: 1 })
  await expect
    .poll(() => db.status.get().views[0])
    .toMatchObject({
      state: 'parked',
      error: { code: 'FOLD_FAILED' },
    })
  broken = false
  await db.rebuild('sums')
  await expect.poll(() => live.state()).toMatchObject({ status: 'ready', data: 3 })
  expect(seen).toEqual(['ready undefined', 'ready 1', 'stale 1', 'ready 3'])
})

test('what a fold returns and JSON cannot carry parks the view with the path (V6)', async () => {
  const dates = table<{ at: Date }>('dates').on(Counted, () => ({ at: new Date(0) }))
  const db = await open(defineDatabase({ name: 'a', events: [Counted], views: { dates } }))
  await db.append(Counted(1))
  await expect
    .poll(() => db.status.get().views[0])
    .toMatchObject({
      state: 'parked',
      error: { code: 'FOLD_NOT_JSON' },
    })
  expect(db.status.get().views[0]?.error?.path).toContain('at')
})

test('a fold that is not deterministic is found by verify, with the first key that differs (V7)', async () => {
  let calls = 0
  const odd = table<number>('odd').on(Marked, (_row, { data }) => (data === 'b' ? ++calls : 0))
  const db = await open(defineDatabase({ name: 'a', events: [Marked], views: { odd } }))
  await db.append([Marked('a'), Marked('b'), Marked('c')])
  await db.settled()
  expect(await db.verify('odd')).toMatchObject({ view: 'odd', equal: false, difference: { key: 'b' } })
})
