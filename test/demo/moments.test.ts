// Time travel's store: the last wish counts, what is shown is replaced only by what is there, and every moment is closed.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { getTravel, openTravel, type PastMoment, returnToNow, travelTo } from '../../src/room/past/moments.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  returnToNow()
  vi.useRealTimers()
})

/** A database whose moments open when the test says so. */
function script() {
  const asked: number[] = []
  const closed: number[] = []
  const opens = new Map<number, () => void>()
  const at = (offset: unknown, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise<PastMoment>((resolve, reject) => {
      const asOf = Number(offset)
      asked.push(asOf)
      signal?.addEventListener('abort', () => reject(new Error('aborted')))
      const close = async (): Promise<void> => void closed.push(asOf)
      opens.set(asOf, () => resolve({ offset: asOf, time: 1, views: {}, close } as unknown as PastMoment))
    })
  return { db: { at }, asked, closed, open: (offset: number) => opens.get(offset)?.() }
}

test('many moves in a short time open one moment, the last', async () => {
  const { db, asked, open } = script()
  openTravel()
  for (const offset of [90, 80, 70]) travelTo(db, offset)
  expect(getTravel()).toMatchObject({ wanted: 70, shown: undefined })
  await vi.advanceTimersByTimeAsync(200)
  expect(asked).toEqual([70])
  open(70)
  await vi.advanceTimersByTimeAsync(0)
  expect(getTravel().shown?.offset).toBe(70)
})

test('what is shown stays until the next moment is there, and is then closed', async () => {
  const { db, closed, open } = script()
  travelTo(db, 70)
  await vi.advanceTimersByTimeAsync(200)
  open(70)
  travelTo(db, 30)
  await vi.advanceTimersByTimeAsync(200)
  expect(getTravel()).toMatchObject({ wanted: 30, shown: undefined })
  travelTo(db, 40)
  await vi.advanceTimersByTimeAsync(200)
  open(40)
  await vi.advanceTimersByTimeAsync(0)
  expect(getTravel().shown?.offset).toBe(40)
  travelTo(db, 20)
  await vi.advanceTimersByTimeAsync(200)
  expect(getTravel().shown?.offset).toBe(40)
  open(20)
  await vi.advanceTimersByTimeAsync(3_000)
  expect(closed).toEqual([70, 40])
  returnToNow()
  await vi.advanceTimersByTimeAsync(3_000)
  expect(closed).toEqual([70, 40, 20])
  expect(getTravel()).toMatchObject({ shown: undefined, wanted: undefined })
})

test('a moment that cannot be opened is said, and the page stays where it is', async () => {
  const db = { at: () => Promise.reject(new Error('no such moment')) }
  travelTo(db, 5)
  await vi.advanceTimersByTimeAsync(200)
  expect(getTravel()).toMatchObject({ shown: undefined, error: { message: 'no such moment' } })
})
