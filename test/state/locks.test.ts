// The memory locks against what Web Locks promise.

import { isHeadwaterError } from '@headwater/log'
import { expect, test } from 'vitest'
import { createMemoryLocks } from '../../packages/views/src/locks.ts'

const soon = (): Promise<'waiting'> => new Promise((resolve) => setTimeout(resolve, 5, 'waiting'))

test('shared holds go together; the exclusive one waits for all of them, and later ones wait for it', async () => {
  const locks = createMemoryLocks()
  const [one, two] = [await locks.shared('a'), await locks.shared('a')]
  const alone = locks.exclusive('a')
  const late = locks.shared('a')
  expect(await locks.exclusiveIfFree('a')).toBeUndefined()
  one.release()
  one.release()
  expect(await Promise.race([alone, soon()])).toBe('waiting')
  two.release()
  const hold = await alone
  expect(await Promise.race([late, soon()])).toBe('waiting')
  hold.release()
  ;(await late).release()
  const free = await locks.exclusiveIfFree('a')
  expect(free).toBeDefined()
  expect(await locks.exclusiveIfFree('b')).toBeDefined()
})

test('a wait ends by name when it is aborted, and holds up nobody (D4)', async () => {
  const locks = createMemoryLocks()
  const hold = await locks.shared('a')
  const stop = new AbortController()
  const alone = locks.exclusive('a', stop.signal).catch((error: unknown) => error)
  const behind = locks.shared('a')
  stop.abort()
  expect(isHeadwaterError(await alone, 'ABORTED')).toBe(true)
  await behind
  hold.release()
  const late = await locks.exclusive('a', stop.signal).catch((error: unknown) => error)
  expect(isHeadwaterError(late, 'ABORTED')).toBe(true)
})
