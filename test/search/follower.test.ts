// A follower alone: what its position promises while keys wait, older ones are named, or rows take their time; and that
// dead documents are bounded.

import type { Json, Offset } from '@headwater/log'
import { describe, expect, test } from 'vitest'
import { createFollower, type Follower } from '../../packages/views/src/search/follower.ts'
import { createInvertedIndex } from '../../packages/views/src/search/inverted-index.ts'
import { createSlices } from '../../packages/views/src/state/slice.ts'
import { createMapTable } from './map-table.ts'
import { createHandScheduler, createWorld, offset, PATIENT } from './world.ts'

interface Followed {
  readonly follower: Follower
  /** Lets the oldest read of rows that waits be answered; says for which keys it was. */
  readonly answer: () => Promise<readonly string[]>
}

/** A follower whose reads wait to be answered. */
function follow(rows: (key: string) => Json | undefined, position: Offset): Followed {
  const scheduler = createHandScheduler(0.01)
  const waiting: { readonly keys: readonly string[]; readonly answer: () => void }[] = []
  const table = {
    ...createMapTable(createWorld().writer, 1),
    get: (keys: readonly string[]) =>
      new Promise<readonly (Json | undefined)[]>((resolve) => {
        waiting.push({ keys, answer: () => resolve(keys.map(rows)) })
      }),
  }
  const follower = createFollower({
    index: createInvertedIndex(1),
    table,
    fields: ['title'],
    scheduler,
    slices: createSlices(scheduler),
    position,
    onIndexed: () => undefined,
    onSettled: () => undefined,
  })
  const answer = async (): Promise<readonly string[]> => {
    const { keys, answer: release } = waiting.shift()!
    release()
    await scheduler.nextTurn()
    return keys
  }
  return { follower, answer }
}

const change = (key: string) => ({ key, before: undefined, after: { title: key } })

describe('the position of a follower', () => {
  test('is where nothing that came since is missing', async () => {
    const { follower, answer } = follow((key) => ({ title: key }), offset(3))
    expect(follower.position).toBe(3)
    follower.note([change('a')], offset(5))
    expect(follower.position).toBe(3)
    follower.note([change('b')], offset(8))
    expect(await answer()).toEqual(['a'])
    expect(follower.position).toBe(5)
    follower.note([], offset(9))
    expect(await answer()).toEqual(['b'])
    expect([follower.position, follower.backlog.size, follower.changedDocuments]).toEqual([9, 0, 2])
  })

  test('stays where it is held while older keys are named, and until they are indexed', async () => {
    const { follower, answer } = follow((key) => ({ title: key }), offset(3))
    follower.note([change('a')], offset(5))
    const held = follower.holdAt(offset(3))
    follower.note([change('b')], offset(8))
    expect(await answer()).toEqual(['a'])
    expect(follower.position).toBe(3)
    follower.noteKeys(['old'], offset(3))
    held.release()
    expect(follower.position).toBe(3)
    follower.note([change('new')], offset(9))
    expect(await answer()).toEqual(['b'])
    expect(follower.position).toBe(3)
    expect(await answer()).toEqual(['old', 'new'])
    expect(follower.position).toBe(9)
  })

  test('is let go of at once where nothing waits', () => {
    const { follower } = follow(() => undefined, offset(7))
    const held = follower.holdAt(offset(2))
    expect(follower.position).toBe(2)
    held.release()
    expect(follower.position).toBe(7)
  })

  test('settles up to a point without waiting for what came after it', async () => {
    const { follower, answer } = follow((key) => ({ title: key }), offset(0))
    follower.note([change('a')], offset(1))
    const settled = follower.settle(offset(1))
    follower.note([change('b')], offset(2))
    await answer()
    await settled
    expect([follower.position, follower.backlog.size]).toEqual([1, 1])
  })
})

test('dead documents are compacted away, also where no dump ever is', PATIENT, async () => {
  const { follower, answer } = follow((key) => ({ title: key }), offset(0))
  const keys = Array.from({ length: 50 }, (_, i) => `k${i}`)
  let most = 0
  for (let round = 0; round < 250; round++) {
    follower.noteKeys(keys, offset(0))
    await answer()
    await follower.settle()
    most = Math.max(most, follower.index.documents.keys.length)
  }
  expect(follower.changedDocuments).toBe(12_500)
  expect(follower.index.documents.living).toBe(50)
  expect(most).toBeLessThan(10_200)
  expect(follower.index.documents.keys.length).toBeLessThan(5_000)
})
