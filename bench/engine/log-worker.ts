/**
 * The engine's log in a worker, without anything above it: append commits, read everything back. Events are made
 * before the clock starts.
 */
import { createEventRegistry, type Log, ORIGIN, openIndexedDbLog } from '@headwater/log'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import type { AppendOptions } from '../hand/worker.ts'
import { answerTasks } from '../page/tasks.ts'
import { type TrackerEvent, takeEvents } from '../stream.ts'
import { events as types } from './events.ts'

function open(name: string): Promise<Log> {
  return openIndexedDbLog({ name, events: createEventRegistry(types), ...createPlatform() })
}

async function append(options: AppendOptions): Promise<{ ms: number }> {
  const events = takeEvents(options.seed, options.events, options.kind ?? 'mixed')
  const log = await open(options.database)
  const onTheWay: Promise<unknown>[] = []
  const start = performance.now()
  for (let from = 0; from < events.length; from += options.commitEvents) {
    onTheWay.push(log.append(events.slice(from, from + options.commitEvents)))
    if (onTheWay.length >= options.inFlight) await onTheWay.shift()
  }
  await Promise.all(onTheWay)
  const ms = performance.now() - start
  if (log.head !== events.length) throw new Error(`the log ends at ${log.head}`)
  await log.close()
  return { ms }
}

async function read({ database }: { readonly database: string }): Promise<{ ms: number; sum: number }> {
  const start = performance.now()
  const log = await open(database)
  let sum = 0
  for (let after = ORIGIN; after < log.head; ) {
    const { events, through } = await log.read(after)
    for (const { data } of events) sum += (data as TrackerEvent['data']).at % 1_000
    after = through
  }
  const ms = performance.now() - start
  await log.close()
  return { ms, sum }
}

answerTasks({ append, read })
