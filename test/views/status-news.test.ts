// News of how the views fare, on a clock by hand: told to who listens, whoever looks meanwhile.
import type { Offset, Scheduler } from '@headwater/log'
import type { ViewStatus } from '@headwater/views'
import { expect, test } from 'vitest'
import { createStatusNews } from '../../packages/views/src/status-news.ts'

const LIVE: ViewStatus = {
  name: 'issues',
  kind: 'table',
  state: 'live',
  position: 0 as Offset,
  checkpoint: 0 as Offset,
  lag: 1,
  ratePerSecond: 0,
  skipped: 0,
  quarantined: 0,
  memoryBytes: 0,
}

/** News of one view that fares as the test says, and how often they were told. */
function listening() {
  const due: { readonly atMs: number; readonly run: () => void }[] = []
  let nowMs = 0
  const scheduler = {
    elapsedMs: () => nowMs,
    after: (delayMs: number, run: () => void) => {
      const timer = { atMs: nowMs + delayMs, run }
      due.push(timer)
      return () => void (due.includes(timer) && due.splice(due.indexOf(timer), 1))
    },
  } as Scheduler
  let status = LIVE
  const news = createStatusNews(() => [status], scheduler)
  const heard: ViewStatus[] = []
  news.listen(() => heard.push(...news.current()))
  return {
    news,
    heard,
    fare: (changed: Partial<ViewStatus>): void => {
      status = { ...status, ...changed }
    },
    pass: (ms: number): void => {
      nowMs += ms
      for (const timer of due.filter(({ atMs }) => atMs <= nowMs)) {
        due.splice(due.indexOf(timer), 1)
        timer.run()
      }
    },
  }
}

test('a state that changed is told at once, a number within 100 ms, and nothing twice', () => {
  const { news, heard, fare, pass } = listening()
  news.note()
  pass(100)
  expect(heard).toEqual([])
  fare({ lag: 0 })
  news.note()
  expect(heard).toEqual([])
  pass(100)
  expect(heard).toMatchObject([{ lag: 0 }])
  fare({ state: 'parked' })
  news.note()
  expect(heard).toMatchObject([{ lag: 0 }, { state: 'parked' }])
  news.note()
  pass(100)
  expect(heard).toHaveLength(2)
})

test('who looks in between takes no news from who listens', () => {
  const { news, heard, fare, pass } = listening()
  fare({ lag: 0 })
  news.note()
  expect(news.current()).toMatchObject([{ lag: 0 }])
  pass(100)
  expect(heard).toMatchObject([{ lag: 0 }])
  fare({ state: 'parked' })
  expect(news.current()).toMatchObject([{ state: 'parked' }])
  news.note()
  expect(heard).toMatchObject([{ lag: 0 }, { state: 'parked' }])
})

test('the same list is given out until something changed', () => {
  const { news, fare } = listening()
  const before = news.current()
  expect(news.current()).toBe(before)
  fare({ lag: 5 })
  expect(news.current()).not.toBe(before)
})
