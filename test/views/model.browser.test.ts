// The same weather over a log and bases in the browser's own IndexedDB, with tabs that have handles of their own.

import { createEventRegistry, destroyIndexedDbLog, type Log, openIndexedDbLog } from '@headwater/log'
import { destroyIndexedDbBaseStore, openIndexedDbBaseStore } from '@headwater/views'
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { createRandom } from '../log/world.ts'
import { anyStep, takeSteps } from './weather.ts'
import { createClock, createProfile, events, scheduler } from './world.ts'

describe('views over IndexedDB', () => {
  test('what is folded step by step is what is computed from all events (V7, V3, V2, V4, V6)', async () => {
    const steps = fc.array(anyStep, { minLength: 8, maxLength: 24 })
    await fc.assert(fc.asyncProperty(steps, takeInBrowser), { numRuns: 8, seed: 20_261_122 })
  }, 60_000)

  async function takeInBrowser(steps: Parameters<typeof takeSteps>[1]): Promise<void> {
    const name = `views-${crypto.randomUUID()}`
    const world = { events: createEventRegistry(events), random: createRandom(7), scheduler }
    const clock = createClock()
    const logs: Log[] = []
    const openLog = async (): Promise<Log> => {
      const log = await openIndexedDbLog({ ...world, clock, name: `${name}-log` })
      logs.push(log)
      return log
    }
    const store = await openIndexedDbBaseStore({ name: `${name}-bases`, scheduler, clock })
    const profile = createProfile(7, events, { log: await openLog(), store, clock })
    try {
      await takeSteps(
        {
          profile,
          other: createProfile(8),
          openTab: async (definitions, options) =>
            profile.open(definitions, { ...options, log: await openLog() }),
        },
        steps,
      )
    } finally {
      await store.close()
      await Promise.all(logs.map((log) => log.close()))
      await destroyIndexedDbBaseStore({ name: `${name}-bases`, scheduler })
      await destroyIndexedDbLog(`${name}-log`, indexedDB, { scheduler, deadlineMs: 5_000 })
    }
  }
})
