// The engine's status as the page is told of it: soon after it changed, whatever storage does meanwhile.
import type { Log, Offset } from '@headwater/log'
import { afterEach, expect, test } from 'vitest'
import { measureLog } from '../../packages/headwater/src/engine/log-size.ts'
import { type Status, watchStatus } from '../../packages/headwater/src/engine/status.ts'
import type { EngineStatus } from '../../packages/headwater/src/protocol.ts'
import { createVirtualTime } from '../sync/virtual-time.ts'

const opened: Status[] = []
afterEach(() => {
  for (const status of opened.splice(0)) status.close()
})

type WatchedLog = { -readonly [Name in keyof Log]: Log[Name] }

/** A status over a log whose head the test moves, and whose size it answers. */
async function watched(sizeOf: (head: Offset) => Promise<{ records: number; bytes: number }>) {
  const time = createVirtualTime()
  const { scheduler } = time.tab()
  const heard = new Set<(head: Offset) => void>()
  const told: { readonly status: EngineStatus; readonly atMs: number }[] = []
  const log: WatchedLog = {
    head: 0 as Offset,
    size: () => sizeOf(log.head),
    subscribe: (listener: (head: Offset) => void) => {
      heard.add(listener)
      return () => heard.delete(listener)
    },
  } as unknown as WatchedLog
  const size = await measureLog(log, scheduler)
  const views = { status: () => [], onStatus: () => () => undefined }
  const report = (status: EngineStatus): void => void told.push({ status, atMs: scheduler.elapsedMs() })
  opened.push(watchStatus({ log, size, views, scheduler, report }))
  const move = (): void => {
    log.head = (log.head + 1) as Offset
    for (const listener of heard) listener(log.head)
  }
  return { log, move, told, pass: time.pass }
}

test('a store that owes an answer holds up no status (D4)', async () => {
  let asked = 0
  const never = new Promise<never>(() => undefined)
  const { log, move, told, pass } = await watched(() =>
    asked++ === 0 ? Promise.resolve({ records: 0, bytes: 0 }) : never,
  )
  for (let round = 0; round < 20; round++) {
    move()
    await pass(120)
  }
  await pass(150)
  expect(told.at(-1)?.status.head).toBe(log.head)
  expect(asked).toBe(2)
})

test('while the log grows its status follows within a moment, its size within one and a half', async () => {
  const { move, told, pass } = await watched(async (head) => ({ records: head, bytes: 0 }))
  for (let round = 0; round < 40; round++) {
    move()
    await pass(50)
  }
  const gaps = told.slice(1).map(({ atMs }, i) => atMs - (told[i]?.atMs ?? 0))
  expect(told.length).toBeGreaterThanOrEqual(13)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(150)
  await pass(1_500)
  expect(told.at(-1)?.status).toMatchObject({ head: 40, records: 40 })
})
