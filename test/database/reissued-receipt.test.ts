// A commit that is reissued while a query waits for its receipt: an answer from between holds it at neither place (D1).
import { createEventRegistry, createMemoryLog, type Offset, type Sequence } from '@headwater/log'
import { expect, test } from 'vitest'
import { askFrom } from '../../packages/headwater/src/engine/waiting.ts'
import { createWorld, Noted } from '../log/world.ts'
import { scheduler } from '../state/world.ts'

test('a query is asked again when the commit of its receipt was reissued meanwhile (D1)', async () => {
  const { clock, random } = createWorld(132)
  const log = createMemoryLog({ events: createEventRegistry([Noted]), clock, random })
  await log.append([Noted({ id: 'a', text: 'before' })])
  const receipt = await log.append([Noted({ id: 'b', text: 'moves' })])
  const asked: Offset[] = []
  const ask = async ({ atLeast }: { readonly atLeast: Offset }): Promise<Offset> => {
    asked.push(atLeast)
    if (asked.length === 1) await log.reissue({ replica: log.replica, after: 1 as Sequence })
    return atLeast
  }
  const { signal } = new AbortController()
  const answer = await askFrom(receipt, 10_000, { log, scheduler, signal }, ask)
  const { offset } = await log.findReceipt(receipt)
  expect(offset).toBeGreaterThan(receipt.offset)
  expect(answer).toBe(offset)
  expect(asked).toEqual([receipt.offset, offset])
})
