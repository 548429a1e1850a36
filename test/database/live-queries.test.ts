// The engine's live queries over scripted views: what was touched is asked again, what was not is left alone, and only
// what changed is reported.

import { HeadwaterError, type Offset } from '@headwater/log'
import type { Answer, Changes, Dependency, ViewRequest } from '@headwater/views'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { isTouched } from '../../packages/headwater/src/engine/dependencies.ts'
import { createLiveQueries, type LiveSource } from '../../packages/headwater/src/engine/live-queries.ts'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import type { AnswerReport, Report } from '../../packages/headwater/src/protocol.ts'
import { issues, points } from './world.ts'

const { scheduler } = createPlatform()
const closes: (() => void)[] = []
afterEach(() => {
  for (const close of closes.splice(0)) close()
})

/** Views whose answers are set by the test. */
function script() {
  const asked: ViewRequest[] = []
  const reports: Report[] = []
  const changed = new Set<(changes: Changes) => void>()
  const fared = new Set<() => void>()
  let position = 1 as Offset
  let value: unknown = []
  let dependencies: readonly Dependency[] = []
  let state: 'live' | 'parked' = 'live'
  let failure: HeadwaterError | undefined
  const read = (request: ViewRequest): Answer => {
    asked.push(request)
    if (failure) throw failure
    return { value, position, dependencies }
  }
  const source: LiveSource = {
    query: async (request) => read(request),
    answer: read,
    onChanges: (listener) => {
      changed.add(listener)
      return () => changed.delete(listener)
    },
    onStatus: (listener) => {
      fared.add(listener)
      return () => fared.delete(listener)
    },
    status: () =>
      ['issues', 'points'].map((name) => ({
        name,
        kind: 'table',
        state,
        position,
        checkpoint: position,
        lag: 0,
        ratePerSecond: 0,
        skipped: 0,
        quarantined: 0,
        memoryBytes: 0,
      })),
  }
  const live = createLiveQueries({
    views: source,
    definitions: [issues, points],
    scheduler,
    reporter: { report: (report) => reports.push(report) },
  })
  closes.push(live.close)
  return {
    asked,
    reports,
    live,
    set: (next: {
      value?: unknown
      dependencies?: readonly Dependency[]
      failure?: HeadwaterError | undefined
    }): void => {
      if ('value' in next) value = next.value
      dependencies = next.dependencies ?? dependencies
      failure = next.failure
    },
    touch: (view: string, map: string, ...keys: string[]): void => {
      position = (position + 1) as Offset
      const changes: Changes = { view, position, all: keys.length === 0, keys: new Map([[map, keys]]) }
      for (const listener of changed) listener(changes)
    },
    fare: (now: 'live' | 'parked'): void => {
      state = now
      for (const listener of fared) listener()
    },
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await scheduler.nextTurn()
}

const request: ViewRequest = { view: 'issues', method: 'range', args: ['byStatus'] }
const dependsOn = (map: string, from: string, to: string): Dependency => ({ map, from, to })

test('a live query is answered anew when a key in its interval is touched, and left alone otherwise', async () => {
  const { asked, live, set, touch, reports } = script()
  set({ value: [1], dependencies: [dependsOn('rows', 'b', 'd')] })
  live.watch(1, request)
  await turns()
  touch('issues', 'rows', 'a', 'e')
  touch('issues', 'other', 'c')
  touch('elsewhere', 'rows', 'c')
  await turns()
  expect(asked).toHaveLength(1)
  set({ value: [1, 2] })
  touch('issues', 'rows', 'a', 'c', 'e')
  await turns()
  expect(asked).toHaveLength(2)
  expect(reports.map((report) => (report as AnswerReport).patch)).toEqual([
    { type: 'value', value: [1] },
    { type: 'list', runs: [0, 1, -1, 1], values: [2] },
  ])
})

test('several changes of one turn are one evaluation and one report, and an equal answer is none (D3)', async () => {
  const { asked, live, set, touch, reports } = script()
  set({ value: [1], dependencies: [dependsOn('rows', '', '\uffff')] })
  live.watch(1, request)
  await turns()
  set({ value: [2] })
  touch('issues', 'rows', 'a')
  touch('issues', 'rows', 'b')
  touch('issues', 'rows', 'c')
  await turns()
  expect([asked.length, reports.length]).toEqual([2, 2])
  touch('issues', 'rows', 'a')
  await turns()
  expect([asked.length, reports.length]).toEqual([3, 2])
})

test('an aggregate hears of the changes of its table', async () => {
  const { asked, live, set, touch } = script()
  set({ dependencies: [dependsOn('groups', 'a', 'z')] })
  live.watch(1, { view: 'points', method: 'get', args: ['open'] })
  await turns()
  touch('issues', 'groups', 'open')
  await turns()
  expect(asked).toHaveLength(2)
})

test('a parked view makes its live answers stale, and a rebuilt one makes them ready again', async () => {
  const { live, set, touch, fare, reports } = script()
  set({ value: [1] })
  live.watch(1, request)
  await turns()
  fare('parked')
  await turns()
  fare('live')
  touch('issues', 'rows')
  await turns()
  expect(reports.map((report) => (report as AnswerReport).stale)).toEqual([false, true, false])
})

test('a view without an answer is an error by name, told once, and an answer once it has one (D4)', async () => {
  const { live, set, touch, reports } = script()
  set({ failure: new HeadwaterError('VIEW_PARKED', 'It is parked.', { hint: 'Rebuild it.' }) })
  live.watch(1, request)
  await turns()
  touch('issues', 'rows')
  await turns()
  set({ value: [3] })
  touch('issues', 'rows')
  await turns()
  expect(reports.map((report) => report.type)).toEqual(['answerFailed', 'answer'])
})

test('a question that storage did not answer is asked again by itself (D4)', async () => {
  const { live, set, reports } = script()
  set({ failure: new HeadwaterError('STORAGE_LOST', 'The connection broke.', { hint: 'Wait.' }) })
  live.watch(1, request)
  await turns()
  set({ value: [3] })
  await expect.poll(() => reports.map((report) => report.type)).toEqual(['answerFailed', 'answer'])
})

test('nothing is reported for a query that is watched no more', async () => {
  const { live, touch, reports } = script()
  live.watch(1, request)
  live.unwatch(1)
  touch('issues', 'rows')
  await turns()
  expect(reports).toEqual([])
})

test('touched intervals are what comparing every key with every interval finds', () => {
  const key = fc.string({ minLength: 0, maxLength: 3 })
  fc.assert(
    fc.property(fc.array(key), fc.array(fc.tuple(key, key)), (touched, intervals) => {
      const keys = [...new Set(touched)].sort((a, b) => (a < b ? -1 : 1))
      const dependencies = intervals.map(([from, to]) => dependsOn('m', from, to))
      const naive = keys.some((each) => intervals.some(([from, to]) => from <= each && each <= to))
      expect(isTouched(dependencies, { all: false, keys: new Map([['m', keys]]) })).toBe(naive)
    }),
    { seed: 7, numRuns: 500 },
  )
})
