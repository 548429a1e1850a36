// The bound on keys that wait to be indexed: at 100,000 the table is asked to wait, past twice that the rows are indexed
// anew. And the order in which positions are given up.

import { describe, expect, test } from 'vitest'
import { createMemoryLocks } from '../../packages/views/src/locks.ts'
import { createBacklog, MAX_BACKLOG } from '../../packages/views/src/search/backlog.ts'
import { createSearchView } from '../../packages/views/src/search/view.ts'
import { createMemoryBaseStore } from '../../packages/views/src/state/memory-base-store.ts'
import type { RowChange } from '../../packages/views/src/view.ts'
import { createMapTable } from './map-table.ts'
import { createHandScheduler, createWorld, definition, offset, PATIENT } from './world.ts'

describe('a backlog', () => {
  test('keeps the oldest position until its keys are done', () => {
    const backlog = createBacklog()
    expect([backlog.size, backlog.before]).toEqual([0, undefined])
    backlog.add('a', offset(3))
    backlog.add('b', offset(5))
    backlog.add('a', offset(7))
    expect([backlog.size, backlog.before]).toEqual([2, 3])
    expect(backlog.take(1)).toEqual(['a'])
    backlog.add('a', offset(9))
    expect([backlog.size, backlog.before]).toEqual([3, 3])
    backlog.done()
    expect([backlog.size, backlog.before]).toEqual([2, 5])
    expect(backlog.take(10)).toEqual(['b', 'a'])
    expect(backlog.before).toBe(5)
    backlog.done()
    expect([backlog.size, backlog.before]).toEqual([0, undefined])
  })
})

test(
  'at its bound the index asks the table to wait, past twice that it takes all rows anew',
  PATIENT,
  async () => {
    const world = createWorld()
    const changesOf = (count: number): readonly RowChange[] =>
      Array.from({ length: count }, (_, i) => ({
        key: `k${i}`,
        before: undefined,
        after: { title: `needle${i % 7}` },
      }))
    const rows = createMapTable(world.writer, 1)
    let tell: Parameters<typeof rows.onRowChanges>[0] = () => undefined
    const scheduler = createHandScheduler(0.001)
    const table = {
      ...rows,
      position: offset(0),
      onRowChanges(listener: typeof tell) {
        tell = listener
        return () => undefined
      },
    }
    const view = createSearchView(definition, {
      log: world.writer,
      table,
      store: createMemoryBaseStore(),
      locks: createMemoryLocks(),
      lockScope: 'test',
      clock: { now: () => 0 },
      scheduler,
      fingerprint: 'docs:1',
    })
    const settled = async (): Promise<void> => {
      for (let i = 0; i < 400 && view.status(offset(9))[0]!.lag > 0; i++) await scheduler.nextTurn()
    }
    await view.answer({ view: view.name, method: 'search', args: ['x'] })
    tell(changesOf(MAX_BACKLOG - 1), offset(1), false)
    expect(view.congested).toBe(false)
    tell([{ key: 'one more', before: undefined, after: { title: 'needle' } }], offset(2), false)
    expect([view.congested, view.position]).toEqual([true, 0])
    const scans = rows.scans
    table.position = offset(9)
    tell(changesOf(2 * MAX_BACKLOG), offset(9), false)
    await settled()
    expect([view.congested, view.position, rows.scans > scans]).toEqual([false, 9, true])
  },
)
