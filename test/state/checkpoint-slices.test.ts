/** Checkpoints beside other work: that they rest, however large the rows are, and what they leave in the page cache. */
import type { Offset } from '@headwater/log'
import { expect, test } from 'vitest'
import { createMemoryBaseStore } from '../../packages/views/src/state/memory-base-store.ts'
import type { OpenState } from '../../packages/views/src/state/open-state.ts'
import { createPageCache } from '../../packages/views/src/state/page-cache.ts'
import { createWorld, scheduler } from './world.ts'

const ROWS = 400
const LARGE = 'x'.repeat(8_000)
/** Eight of these rows fill a page. */
const PAGES = ROWS / 8

const keyOf = (i: number): string => String(i).padStart(4, '0')

function writeEvery(state: OpenState, step: number, offset: number): void {
  for (let i = 0; i < ROWS; i += step)
    state.write('rows', keyOf(i), `${LARGE} ${offset}`, offset as Offset, LARGE.length)
}

/** Every look at the clock takes a millisecond. */
function createTicking(): { readonly scheduler: typeof scheduler; turns: number } {
  let nowMs = 0
  const ticking = {
    turns: 0,
    scheduler: {
      ...scheduler,
      elapsedMs: () => nowMs++,
      nextTurn: () => {
        ticking.turns++
        return scheduler.nextTurn()
      },
    },
  }
  return ticking
}

test('a checkpoint of rows that fill a page by few rests between pages', async () => {
  const ticking = createTicking()
  const world = createWorld(createMemoryBaseStore())
  const state = await world.open({ scheduler: ticking.scheduler, cache: createPageCache(1 << 26) })
  writeEvery(state, 1, 1)
  await state.checkpointAt(1 as Offset, null)
  ticking.turns = 0
  writeEvery(state, 8, 2)
  await state.checkpointAt(2 as Offset, null)
  expect(ticking.turns).toBeGreaterThan(PAGES / 4)
  state.close()
})

test('a checkpoint leaves no page in the cache that is not listed any more, and none that only it has read', async () => {
  const world = createWorld(createMemoryBaseStore())
  const cache = createPageCache(1 << 26)
  const state = await world.open({ cache })
  writeEvery(state, 1, 1)
  await state.checkpointAt(1 as Offset, null)
  const whole = cache.bytes
  writeEvery(state, 8, 2)
  await state.checkpointAt(2 as Offset, null)
  expect(Math.abs(cache.bytes - whole)).toBeLessThan(whole / 100)
  cache.clear()
  writeEvery(state, 8, 3)
  await state.checkpointAt(3 as Offset, null)
  expect(cache.bytes).toBe(0)
  expect(await state.read((reader) => reader.get('rows', keyOf(8)))).toBe(`${LARGE} 3`)
  expect(cache.bytes).toBeGreaterThan(0)
  state.close()
})

test('a checkpoint waits between its slices for as long as it is told to', async () => {
  const world = createWorld(createMemoryBaseStore())
  let waits = 0
  const untilCalm = async (): Promise<void> => {
    waits++
    await scheduler.nextTurn()
  }
  const state = await world.open({ scheduler: createTicking().scheduler, untilCalm })
  writeEvery(state, 1, 1)
  expect(await state.checkpointAt(1 as Offset, null)).toBe('stored')
  expect(waits).toBeGreaterThan(0)
  state.close()
})
