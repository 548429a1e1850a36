// What an export lets out of a device is durable first, so that a device that loses power does not write anew under numbers
// that others hold already; and an export works where nothing can be written.
import { createEventRegistry, createMemoryLog, HeadwaterError, type Log, ORIGIN } from '@headwater/log'
import { expect, test } from 'vitest'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import { exportRun } from '../../packages/headwater/src/transfer/export.ts'
import { Noted } from './world.ts'

const { signal } = new AbortController()

async function logOf(count: number): Promise<Log> {
  const log = createMemoryLog({ events: createEventRegistry([Noted]), ...createPlatform() })
  for (let i = 0; i < count; i++) await log.append([Noted({ i })])
  return log
}

test('L5: what an export hands out is durable first, also what another tab has stored', async () => {
  const log = await logOf(2)
  const calls: string[] = []
  const watched: Log = {
    ...log,
    hint: (offset) => calls.push(`head is ${offset}`),
    harden: async () => {
      calls.push('harden')
      return log.harden()
    },
  }
  const run = await exportRun(watched, ORIGIN, signal)
  expect(run).toMatchObject({ events: 2, through: 2 })
  expect(calls).toEqual(['head is 2', 'harden'])
  expect(await exportRun(watched, run.through, signal)).toMatchObject({ text: '', done: true })
  expect(calls).toHaveLength(2)
})

test('an export works where storage takes nothing any more', async () => {
  const log = await logOf(1)
  const full = new HeadwaterError('STORAGE_FULL', 'The disk is full.', { hint: 'Free some space.' })
  const run = await exportRun({ ...log, harden: () => Promise.reject(full) }, ORIGIN, signal)
  expect(run.text).not.toBe('')
})
