/**
 * One-event appends from the page, un-awaited and awaited.
 */
import type { ManyOptions } from '../hand/many.ts'
import type { OneOptions } from '../hand/one.ts'
import { takeEvents } from '../stream.ts'
import { type DefinitionName, openNamed } from './open-database.ts'

interface OnDefinition {
  readonly definition: DefinitionName
}

export async function appendMany(options: ManyOptions & OnDefinition): Promise<{ ms: number }> {
  const { seed, appends, warmUp } = options
  const events = takeEvents(seed, warmUp + appends, 'mixed')
  const db = await openNamed(options.definition)
  await Promise.all(events.slice(0, warmUp).map((event) => db.append(event)))
  await db.settled()
  const measured = events.slice(warmUp)
  const start = performance.now()
  const receipts = await Promise.all(measured.map((event) => db.append(event)))
  const ms = performance.now() - start
  if (receipts.at(-1)?.offset !== events.length) throw new Error('an event landed elsewhere')
  return { ms }
}

export async function appendOne(options: OneOptions & OnDefinition): Promise<{ times: number[] }> {
  const { seed, samples, warmUp } = options
  const db = await openNamed(options.definition)
  const times: number[] = []
  for (const event of takeEvents(seed, warmUp + samples, 'mixed')) {
    const start = performance.now()
    await db.append(event)
    times.push(performance.now() - start)
  }
  return { times: times.slice(warmUp) }
}
