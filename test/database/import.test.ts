// Taking files of events into a log: exports keep their identity, other programs' lines get one from the file, faults
// are named by line, and the same file twice changes nothing.
import { createEventRegistry, createMemoryLog, type Log, ORIGIN, type StoredEvent } from '@headwater/log'
import { isHeadwaterError } from 'headwater'
import { expect, test } from 'vitest'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import type { Progress } from '../../packages/headwater/src/protocol.ts'
import { commitToLine } from '../../packages/headwater/src/transfer/commit-line.ts'
import { importEvents } from '../../packages/headwater/src/transfer/import.ts'
import { Closed, Noted, Opened, refusalOf } from './world.ts'

const powers = createPlatform()
const events = createEventRegistry([Opened, Closed, Noted])
const createLog = (): Log => createMemoryLog({ events, ...powers })

interface How {
  readonly onFault?: 'stop' | 'skip'
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

function take(log: Log, source: string | Blob, how: How = {}): ReturnType<typeof importEvents> {
  const defaults = {
    onFault: 'stop',
    signal: new AbortController().signal,
    onProgress: () => undefined,
  } as const
  return importEvents({ log, events, ...powers, source, ...defaults, ...how })
}

async function eventsOf(log: Log): Promise<readonly StoredEvent[]> {
  return (await log.read(ORIGIN, { maxEvents: 1_000_000 })).events
}

async function exportOf(log: Log): Promise<string> {
  const { commits } = await log.readCommits(ORIGIN, { maxBytes: 100_000_000 })
  return commits.map(({ bytes }) => `${commitToLine(bytes)}\n`).join('')
}

const line = (id: string, time?: number | string): string =>
  `${JSON.stringify({ type: 'issue.opened', data: { id, title: `Issue ${id}`, points: 1 }, ...(time === undefined ? {} : { time }) })}\n`
const T = 1_700_000_000_000

test('the same file twice changes nothing, on any replica (L3)', async () => {
  const file = line('a', T) + line('b', T + 5) + line('c')
  const [one, two] = [createLog(), createLog()]
  expect(await take(one, file)).toEqual({ lines: 3, imported: 3, duplicates: 0, skipped: 0, faults: [] })
  expect(await take(one, file)).toEqual({ lines: 3, imported: 0, duplicates: 3, skipped: 0, faults: [] })
  await take(two, new Blob([file]))
  expect(await exportOf(two)).toBe(await exportOf(one))
  expect(await take(one, await exportOf(two))).toMatchObject({ imported: 0, duplicates: 3 })
})

test('an own export is merged as it is: identity, stamps and bytes (L3)', async () => {
  const [one, two] = [createLog(), createLog()]
  await one.append([Opened({ id: 'a', title: 'é', points: 1 }), Closed({ id: 'a' })])
  await one.append([Noted({ deep: [{ a: null }] })])
  const file = await exportOf(one)
  expect(await take(two, file)).toMatchObject({ lines: 2, imported: 3, duplicates: 0 })
  expect(await exportOf(two)).toBe(file)
  expect(await eventsOf(two)).toEqual(await eventsOf(one))
  expect(await take(one, file)).toMatchObject({ imported: 0, duplicates: 3 })
})

test('stamps come from the line, else the line before, and strictly increase (L4)', async () => {
  const log = createLog()
  await take(
    log,
    line('a', T) +
      line('b') +
      line('c', T - 1_000) +
      line('d', '2023-11-15T00:00:00Z') +
      line('e', '2023-11-15'),
  )
  const times = (await eventsOf(log)).map(({ time, timestamp }) => [time, timestamp])
  expect(times.map(([time]) => time)).toEqual([T, T, T, 1_700_006_400_000, 1_700_006_400_000])
  const stamps = times.map(([, timestamp]) => timestamp)
  expect(stamps[2]).toBeGreaterThan(stamps[1] ?? 0)
  expect(stamps[3]).toBeGreaterThan(stamps[2] ?? 0)
})

test.each([
  ['not JSON', '{"type": '],
  ['no object', '[1]'],
  ['an unknown type', '{"type":"issue.lost","data":{}}'],
  ['data that fails the schema', '{"type":"issue.opened","data":{"id":1}}'],
  ['no data', '{"type":"note"}'],
  ['minus zero, which would be altered', '{"type":"note","data":-0}'],
  ['a time that is none', '{"type":"note","data":1,"time":"soon"}'],
  [
    'a time without a zone, which would depend on where it is read',
    '{"type":"note","data":1,"time":"2024-01-01T00:00"}',
  ],
  ['a time far ahead', '{"type":"note","data":1,"time":9000000000000}'],
  ['an export of a newer format', '{"headwater":2}'],
  [
    'an export line that leaves a gap',
    '{"headwater":1,"replica":"AAAAAAAAAAAAAAAA","commit":"AAAAAAAAAAAAAAAA","sequence":9,"timestamp":1,"events":[{"type":"note","version":1,"data":1}]}',
  ],
])('a line that is %s is named by its number, and nothing is stored (L1)', async (_what, bad) => {
  const log = createLog()
  const refusal = await refusalOf(take(log, `${line('a', T)}\n${bad}\n${line('b')}`))
  expect(refusal).toMatchObject({ code: 'IMPORT_LINE', facts: { line: 3 } })
  expect(log.head).toBe(0)
})

test('skipped lines are counted, named and keep their place: the next import finds all of it held (L3)', async () => {
  const log = createLog()
  const file = `${line('a', T)}nonsense\n${line('b')}{"type":"x"}\n`
  const report = await take(log, file, { onFault: 'skip' })
  expect(report).toMatchObject({ lines: 4, imported: 2, duplicates: 0, skipped: 2 })
  expect(report.faults.map((fault) => [fault.line, fault.error.code])).toEqual([
    [2, 'IMPORT_LINE'],
    [4, 'IMPORT_LINE'],
  ])
  expect((await eventsOf(log)).map((event) => event.sequence)).toEqual([1, 3])
  const { head } = log
  expect(await take(log, file, { onFault: 'skip' })).toMatchObject({ imported: 0, duplicates: 2, skipped: 2 })
  expect(log.head).toBe(head)
})

test('a fault of the schema says where in the data it lies', async () => {
  const refusal = await refusalOf(
    take(createLog(), '{"type":"issue.opened","data":{"id":"a","title":3,"points":1}}'),
  )
  if (!isHeadwaterError(refusal, 'IMPORT_LINE')) throw new Error('refused by another name')
  expect(refusal.path).toEqual(['title'])
  expect(refusal.cause).toMatchObject({ code: 'EVENT_INVALID' })
})

test('blank lines, carriage returns, a mark of byte order and a missing last break are no events', async () => {
  const log = createLog()
  const file = `\ufeff${line('a', T).trim()}\r\n\r\n  \n${line('é😀').trim()}`
  expect(await take(log, file)).toMatchObject({ imported: 2 })
  expect((await eventsOf(log)).map((event) => (event.data as { id: string }).id)).toEqual(['a', 'é😀'])
})

test('text that is no UTF-8 is a named line', async () => {
  const bytes = new Uint8Array([...new TextEncoder().encode(line('a')), 0xff, 0xfe, 10])
  expect(await refusalOf(take(createLog(), new Blob([bytes])))).toMatchObject({
    code: 'IMPORT_LINE',
    facts: { line: 2 },
  })
})

test('a line without end is refused in bounded memory, not read whole', async () => {
  const piece = new Uint8Array(1_000_000).fill(97)
  const file = new Blob([...Array.from({ length: 12 }, () => piece), '\n', line('a')])
  expect(await take(createLog(), file, { onFault: 'skip' })).toMatchObject({ imported: 1, skipped: 1 })
})

test('an empty file is no fault', async () => {
  expect(await take(createLog(), '')).toEqual({
    lines: 0,
    imported: 0,
    duplicates: 0,
    skipped: 0,
    faults: [],
  })
})

test('an aborted import ends by name, and the next one goes on from there (D4)', {
  timeout: 30_000,
}, async () => {
  const log = createLog()
  const file = Array.from({ length: 6_000 }, (_, at) => line(`i${at}`, T + Math.floor(at / 2))).join('')
  const stop = new AbortController()
  const onProgress = ({ ...progress }: Progress): void => {
    if ('phase' in progress && progress.phase === 'store' && log.head > 0) stop.abort(new Error('enough'))
  }
  const refusal = await refusalOf(take(log, file, { signal: stop.signal, onProgress }))
  expect(refusal).toBeInstanceOf(Error)
  expect(log.head).toBeLessThan(6_000)
  const report = await take(log, file)
  expect(report.imported + report.duplicates).toBe(6_000)
  expect(log.head).toBe(6_000)
})

test('a long file is taken in slices, with progress in both passes', { timeout: 60_000 }, async () => {
  const log = createLog()
  const lines = Array.from({ length: 40_000 }, (_, at) => line(`i${at}`, T + Math.floor(at / 200)))
  const phases = new Set<string>()
  const report = await take(log, new Blob(lines), {
    onProgress: (progress) => 'phase' in progress && phases.add(progress.phase),
  })
  expect(report).toMatchObject({ lines: 40_000, imported: 40_000 })
  expect([...phases]).toEqual(['check', 'store'])
  expect((await log.readCommits(ORIGIN, { maxBytes: 1e9 })).commits).toHaveLength(200)
})

test('a commit of a file is never longer than 500 lines or 256 KiB', async () => {
  const log = createLog()
  const small = Array.from({ length: 1_200 }, (_, at) => line(`i${at}`, T)).join('')
  const large = Array.from(
    { length: 10 },
    () => `${JSON.stringify({ type: 'note', data: 'x'.repeat(100_000) })}\n`,
  ).join('')
  await take(log, small)
  const few = (await log.readCommits(ORIGIN, { maxBytes: 1e9 })).commits.length
  await take(log, large)
  const { commits } = await log.readCommits(ORIGIN, { maxBytes: 1e9 })
  expect(few).toBe(3)
  expect(Math.max(...commits.map(({ bytes }) => bytes.length))).toBeLessThan(262_144)
})

test('content that differs under one identity is a named fork; skipping passes it over', async () => {
  const [one, two] = [createLog(), createLog()]
  await one.append([Noted('one')])
  const file = await exportOf(one)
  await take(two, file)
  const forged = file.replace('"one"', '"two"')
  expect(await refusalOf(take(two, forged))).toMatchObject({ code: 'FORK' })
  expect(await take(two, forged, { onFault: 'skip' })).toMatchObject({ skipped: 1, imported: 0 })
})
