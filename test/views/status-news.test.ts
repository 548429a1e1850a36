// News of how views fare: who listens hears of every change, whoever else asks meanwhile.
import { expect, test } from 'vitest'
import { createStatusNews } from '../../packages/views/src/status-news.ts'
import type { ViewState, ViewStatus } from '../../packages/views/src/view.ts'
import { createHandScheduler } from '../search/world.ts'

const statusOf = (state: ViewState, checkpoint: number, ratePerSecond = 0) =>
  ({ name: 'one', state, checkpoint, ratePerSecond, error: undefined }) as unknown as ViewStatus

function createNews() {
  const scheduler = createHandScheduler(0)
  let now = [statusOf('rebuilding', 0)]
  let told = 0
  const news = createStatusNews(() => now, scheduler)
  news.listen(() => told++)
  const become = (next: ViewStatus): void => {
    now = [next]
  }
  return { news, scheduler, told: () => told, become }
}

test('a state that changed is told at once, numbers within a tenth of a second, and nothing twice', () => {
  const { news, scheduler, told, become } = createNews()
  news.note()
  expect(told()).toBe(1)
  become(statusOf('live', 5))
  news.note()
  expect(told()).toBe(2)
  become(statusOf('live', 6))
  news.note()
  expect(told()).toBe(2)
  scheduler.advance(100)
  expect(told()).toBe(3)
  news.note()
  scheduler.advance(100)
  expect(told()).toBe(3)
})

test('who asks how things stand takes no news from who listens', () => {
  const { news, scheduler, told, become } = createNews()
  news.note()
  become(statusOf('live', 5))
  expect(news.current()).toBe(news.current())
  news.note()
  expect(told()).toBe(2)
  become(statusOf('live', 6))
  news.current()
  news.note()
  scheduler.advance(100)
  expect(told()).toBe(3)
})

test('while a rate rests, numbers are told as soon as else', () => {
  const { news, scheduler, told, become } = createNews()
  become(statusOf('live', 5, 100))
  news.note()
  expect(told()).toBe(1)
  for (let checkpoint = 6; checkpoint < 9; checkpoint++) {
    become(statusOf('live', checkpoint, 100))
    news.note()
    scheduler.advance(100)
  }
  expect(told()).toBe(4)
  news.note()
  scheduler.advance(100)
  become(statusOf('live', 8))
  scheduler.advance(1_000)
  expect(told()).toBe(5)
})
