// An index that cannot be caught up from the log: the log gives nothing, cannot be read, or names more keys than may wait.
// The rows are there, and are indexed instead.

import { emptyBatch, HeadwaterError, type Log, type StoredEvent } from '@headwater/log'
import { expect, test } from 'vitest'
import { MAX_BACKLOG } from '../../packages/views/src/search/backlog.ts'
import { createHandScheduler, createWorld, drive, PATIENT, type Tab } from './world.ts'

type Read = Log['read']

const damaged = new HeadwaterError('RECORD_DAMAGED', 'A record is damaged.', { hint: 'Restore it.' })
const MOST_READS = 5

const faults: readonly (readonly [what: string, wrap: (read: Read) => Read])[] = [
  ['gives nothing', () => async (after) => emptyBatch(after)],
  ['cannot be read', () => () => Promise.reject(damaged)],
  [
    'names more keys than may wait',
    (read) => async (after, options) => {
      const batch = await read(after, { ...options, maxEvents: 1 })
      const data = (i: number): unknown => ({ key: `other${i}` })
      const others = Array.from({ length: 2 * MAX_BACKLOG }, (_, i) => ({ data: data(i) }) as StoredEvent)
      return { ...batch, events: [...batch.events, ...others] }
    },
  ],
]

/**
 * Once the table is at the head, the log is read with a fault, and sooner than rows are; a making that goes on for ever ends
 * by name.
 */
function breakReads(tab: Tab, wrap: (read: Read) => Read): void {
  const honest = tab.log.read.bind(tab.log)
  const read = wrap(honest)
  let reads = 0
  tab.table.isSlow = true
  tab.log.read = async (after, options) => {
    if (tab.table.position < tab.log.head) return honest(after, options)
    if (++reads > MOST_READS) throw new Error('the index reads the log again and again')
    return read(after, options)
  }
}

async function keysOf(tab: Tab, text: string): Promise<readonly string[]> {
  return [...(await drive(tab.scheduler, tab.keys(text)))].sort()
}

test.each(faults)(
  'a dump and a log that %s between it and the table: the rows are indexed (V2, V7)',
  PATIENT,
  async (_what, wrap) => {
    const world = createWorld()
    await world.putAll({ a: { title: 'needle' }, b: { title: 'needle' } })
    const first = await world.openTab()
    await first.search('x')
    await first.view.checkpointNow(true)
    first.crash()
    await world.put('a', { title: 'straw' })
    await world.put('c', { title: 'needle' })
    const tab = await world.openTab({ scheduler: createHandScheduler(0.001) })
    breakReads(tab, wrap)
    expect(await keysOf(tab, 'needle')).toEqual(['b', 'c'])
    expect(tab.view.position).toBe(4)
    expect(tab.table.scans).toBeGreaterThan(0)
  },
)

test.each(faults)(
  'a jump of the table and a log that %s on its way: the rows are indexed (V7)',
  PATIENT,
  async (_what, wrap) => {
    const world = createWorld()
    await world.putAll({ a: { title: 'needle' }, b: { title: 'needle' } })
    const tab = await world.openTab({ scheduler: createHandScheduler(0.001) })
    await tab.search('x')
    const { scans } = tab.table
    await world.put('a', { title: 'straw' })
    await world.put('c', { title: 'needle' })
    breakReads(tab, wrap)
    await tab.table.jump()
    for (let turns = 0; turns < 1_000 && tab.view.position < 4; turns++) await tab.scheduler.nextTurn()
    expect(tab.view.position).toBe(4)
    expect(await keysOf(tab, 'needle')).toEqual(['b', 'c'])
    expect(tab.table.scans).toBeGreaterThan(scans)
  },
)
