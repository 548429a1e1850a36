// Leadership of the tabs of one database on virtual time, over the lease of a real log that they share: at any time one tab
// leads, also when the one that did is frozen, crashes or closes, and who was frozen can do no harm when it wakes up.
import { createMemoryStore, type Log, openMemoryLog } from '@headwater/log'
import { createMemoryLocks } from '@headwater/views'
import { expect, test } from 'vitest'
import { type Leadership, standForLeadership } from '../../packages/headwater/src/engine/sync/leadership.ts'
import { createWorld } from '../log/world.ts'
import { createVirtualTime, type TabTime } from './virtual-time.ts'

interface Tab extends TabTime {
  readonly name: string
  readonly log: Log
  readonly leadership: Leadership
  /** The epoch under which it believes to lead. */
  readonly epoch: number | undefined
  /** Epochs under which it ever led. */
  readonly led: readonly number[]
}

function createTabs() {
  const time = createVirtualTime()
  const world = createWorld(7)
  const store = createMemoryStore(world.random)
  const locks = createMemoryLocks()
  const errors: unknown[] = []
  const open = (name: string): Tab => {
    const tabTime = time.tab()
    const log = openMemoryLog(store, world)
    const led: number[] = []
    let epoch: number | undefined
    const leadership = standForLeadership({
      lock: 'sync',
      name,
      lease: log.lease,
      locks,
      scheduler: tabTime.scheduler,
      onLead: (taken) => {
        epoch = taken
        led.push(taken)
      },
      onLost: () => {
        epoch = undefined
      },
      onError: (error) => errors.push(error),
    })
    return {
      ...tabTime,
      name,
      log,
      leadership,
      led,
      get epoch() {
        return epoch
      },
    }
  }
  return { ...time, open, errors }
}

const leaders = (tabs: readonly Tab[]): readonly string[] =>
  tabs.filter(({ epoch }) => epoch !== undefined).map(({ name }) => name)

test('of several tabs that open at once, one leads', async () => {
  const { open, pass, errors } = createTabs()
  const tabs = [open('a'), open('b'), open('c')]
  await pass(0)
  expect(leaders(tabs)).toEqual(['a'])
  await pass(60_000)
  expect(leaders(tabs)).toEqual(['a'])
  expect(tabs[0]?.led).toEqual([1])
  expect(errors).toEqual([])
})

test('a leader that closes is followed at once by one that waits', async () => {
  const { open, pass } = createTabs()
  const [a, b] = [open('a'), open('b')]
  await pass(10_000)
  await a.leadership.close()
  await pass(50)
  expect(b.led).toEqual([2])
})

test('a tab that comes back after all were closed leads at once, under a new epoch', async () => {
  const { open, pass } = createTabs()
  const a = open('a')
  await pass(5_000)
  await a.leadership.close()
  await pass(60_000)
  const b = open('b')
  await pass(50)
  expect(b.led).toEqual([2])
})

test('a frozen leader, whose lock nobody gets, is superseded after three seconds of silence, and not before', async () => {
  const { open, pass } = createTabs()
  const [a, b] = [open('a'), open('b')]
  await pass(10_500)
  a.freeze()
  await pass(2_400)
  expect(b.epoch).toBeUndefined()
  await pass(2_600)
  expect(b.led).toEqual([2])
})

test('a frozen leader that thaws stores nothing under its epoch, hears that it is superseded, and waits again', async () => {
  const { open, pass, errors } = createTabs()
  const [a, b] = [open('a'), open('b')]
  await pass(10_000)
  a.freeze()
  await pass(6_000)
  await expect(a.log.notes.set('progress', 1, { epoch: 1 })).rejects.toMatchObject({ code: 'SUPERSEDED' })
  a.thaw()
  await pass(10)
  expect(leaders([a, b])).toEqual(['b'])
  // The lock is free for who leads; when that one closes, the other follows within the time of silence.
  await b.leadership.close()
  await pass(5_000)
  expect(a.led).toEqual([1, 3])
  expect(errors).toEqual([])
})

test('a crashed leader that held no lock is followed after three seconds', async () => {
  const { open, pass } = createTabs()
  const [a, b, c] = [open('a'), open('b'), open('c')]
  await pass(5_000)
  a.freeze()
  await pass(6_000)
  const second = leaders([b, c])
  expect(second).toHaveLength(1)
  const [next, last] = b.epoch === undefined ? [c, b] : [b, c]
  next.crash()
  await pass(6_000)
  expect(last.epoch).toBe(3)
})

test('two that find the leader silent in the same moment do not both lead', async () => {
  const { open, pass } = createTabs()
  const a = open('a')
  await pass(100)
  const waiting = [open('b'), open('c'), open('d')]
  await pass(10_000)
  a.freeze()
  await pass(20_000)
  expect(leaders(waiting)).toHaveLength(1)
  expect(waiting.flatMap(({ led }) => led)).toEqual([2])
})

test('all tabs freeze together: who wakes up does not take its own sleep for the silence of the leader', async () => {
  const { open, pass } = createTabs()
  const [a, b] = [open('a'), open('b')]
  await pass(10_000)
  a.freeze()
  b.freeze()
  await pass(600_000)
  b.thaw()
  await pass(500)
  a.thaw()
  await pass(10_000)
  expect(leaders([a, b])).toEqual(['a'])
  expect(b.led).toEqual([])
})

test('closing while a take is under way leaves nobody who leads and cannot be reached', async () => {
  const { open, pass } = createTabs()
  const a = open('a')
  const closing = a.leadership.close()
  await pass(0)
  await closing
  expect(a.epoch).toBeUndefined()
  const b = open('b')
  await pass(5_000)
  expect(b.epoch).toBeGreaterThan(0)
})
