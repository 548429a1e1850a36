// The window onto the log against sieving all of it: whatever is asked for, in whatever pages, from either end.

import { createEventRegistry, createMemoryStore, type Offset, openMemoryLog } from '@headwater/log'
import fc from 'fast-check'
import type { HistoryEntry, ReadLogOptions } from 'headwater'
import { expect, test } from 'vitest'
import { readLogWindow } from '../../packages/headwater/src/engine/log-window.ts'
import { createRandom } from '../log/world.ts'
import { Closed, Opened } from './world.ts'

const offsetsOf = (entries: readonly HistoryEntry[]): readonly number[] => entries.map(({ offset }) => offset)

test('any conditions find, page by page, what sieving the whole log finds', async () => {
  const random = createRandom(77)
  const clock = { now: () => ++at }
  let at = 1_000
  const events = createEventRegistry([Opened, Closed])
  const log = openMemoryLog(createMemoryStore(random), { events, clock, random })
  for (let i = 0; i < 30_000; i += 500) {
    await log.append(
      Array.from({ length: 500 }, (_, j) =>
        (i + j) % 997 === 0
          ? Closed({ id: `r${j % 7}` })
          : Opened({ id: `k${j % 50}`, title: '', points: j }),
      ),
    )
  }
  const source = {
    log,
    keysOf: ({ data }: { readonly data: unknown }) => [(data as { id: string }).id],
    signal: new AbortController().signal,
  }
  const readAll = async (wanted: ReadLogOptions) => {
    const found: HistoryEntry[] = []
    let [calls, from] = [0, wanted.newestFirst ? wanted.before : wanted.after]
    for (let isOver = false; !isOver; calls++) {
      const place = from === undefined ? {} : wanted.newestFirst ? { before: from } : { after: from }
      const { entries, next } = await readLogWindow(source, { ...wanted, ...place })
      expect(entries.length).toBeLessThanOrEqual(wanted.limit ?? 100)
      found.push(...entries)
      from = next
      isOver = next === undefined
    }
    return { found, calls }
  }
  const whole = (await readAll({ limit: 10_000 })).found
  expect(whole).toHaveLength(30_000)
  const rare = await readAll({ types: ['issue.closed'], limit: 10_000, newestFirst: true })
  expect(rare.calls).toBe(2)
  const wanted = fc.record(
    {
      types: fc.subarray(['issue.closed', 'issue.opened']),
      key: fc.constantFrom<string>('k3', 'r2', 'nobody'),
      after: fc.nat(30_000).map((at) => at as Offset),
      before: fc.nat(31_000).map((at) => at as Offset),
      since: fc.integer({ min: 1_000, max: 1_060 }),
      until: fc.integer({ min: 1_000, max: 1_060 }),
      limit: fc.constantFrom<number>(500, 5_000),
      newestFirst: fc.boolean(),
    },
    { requiredKeys: ['limit'] },
  )
  await fc.assert(
    fc.asyncProperty(wanted, async (options) => {
      const { types, key, after = 0, before = 40_000, since = 0, until = 1e9, newestFirst } = options
      const sieved = whole.filter(
        (entry) =>
          (types?.includes(entry.type) ?? true) &&
          (key === undefined || entry.keys.includes(key)) &&
          entry.offset > after &&
          entry.offset < before &&
          entry.time >= since &&
          entry.time <= until,
      )
      const { found } = await readAll(options)
      expect(offsetsOf(found)).toEqual(offsetsOf(newestFirst ? sieved.toReversed() : sieved))
    }),
    { seed: 11, numRuns: 25 },
  )
})
