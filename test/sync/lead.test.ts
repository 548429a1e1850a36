// What the leading tab does when storage or the hub will not have it: it goes on by itself, however busy the log is.
import { createMemoryStore, HeadwaterError, type Log, openMemoryLog } from '@headwater/log'
import { afterEach, expect, test } from 'vitest'
import { createLead, type Lead } from '../../packages/headwater/src/engine/sync/lead.ts'
import type { LeadOptions } from '../../packages/headwater/src/engine/sync/lead-options.ts'
import type { SyncState } from '../../packages/headwater/src/sync.ts'
import { createWorld, Noted } from '../log/world.ts'
import { createVirtualTime, type VirtualTime } from './virtual-time.ts'

const leads: Lead[] = []
afterEach(async () => {
  await Promise.all(leads.splice(0).map((lead) => lead.end()))
})

interface Leading extends VirtualTime {
  readonly log: Log
  readonly lead: Lead
  readonly errors: readonly unknown[]
  readonly states: readonly SyncState[]
  /** Connections that were tried: each asks for a token, and gets none. */
  readonly tries: () => number
}

/** A tab under epoch 1, whose every connection ends with this code. */
async function createLeading(code: HeadwaterError['code']): Promise<Leading> {
  const time = createVirtualTime()
  const world = createWorld(11)
  const log = openMemoryLog(createMemoryStore(world.random), world)
  await log.lease.take(0, 'this tab')
  const errors: unknown[] = []
  const states: SyncState[] = []
  let tries = 0
  const { clock, random } = world
  const options = {
    place: { type: 'hub', url: 'ws://hub', hasToken: true },
    log,
    workspace: 'garden',
    platform: { clock, random, ...time.tab(), onOnline: () => () => undefined },
    token: async () => {
      tries++
      throw new HeadwaterError(code, 'No token.', { hint: 'There is none.' })
    },
    onStatus: (_epoch: number, { state }: { state: SyncState }) => states.push(state),
    onError: (error: unknown) => errors.push(error),
    onLive: () => undefined,
    onPresence: () => undefined,
    onSuperseded: () => undefined,
  } as unknown as LeadOptions // the rest is for other parts of syncing
  const lead = createLead(options)
  leads.push(lead)
  return { ...time, log, lead, errors, states, tries: () => tries }
}

test('a leader that the hub has superseded tries again, however much is appended meanwhile (R7)', async () => {
  const { lead, log, pass, states, tries } = await createLeading('SUPERSEDED')
  lead.begin(1)
  await pass(2_000)
  expect(states.at(-1)).toBe('refused')
  const before = tries()
  for (let second = 0; second < 20; second++) {
    await log.append([Noted({ id: 'x', text: 'busy' })])
    await pass(1_000)
  }
  expect(tries() - before).toBeGreaterThanOrEqual(3)
})

test('a leader that cannot read whether it is paused looks again (R7)', async () => {
  const { lead, log, pass, errors, states, tries } = await createLeading('HUB_UNREACHABLE')
  const get = log.notes.get.bind(log.notes)
  const lost = (): Promise<never> => Promise.reject(new Error('the connection was lost'))
  Object.assign(log.notes, { get: lost })
  lead.begin(1)
  await pass(100)
  expect([errors.length, tries()]).toEqual([1, 0])
  Object.assign(log.notes, { get })
  await pass(2_000)
  expect(tries()).toBeGreaterThan(0)
  await log.notes.set('sync-paused', 'user')
  Object.assign(log.notes, { get: lost })
  lead.repause(false)
  await pass(100)
  Object.assign(log.notes, { get })
  await pass(2_000)
  expect(states.at(-1)).toBe('paused')
})
