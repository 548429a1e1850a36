/**
 * Un-awaited appends by hand, from the page: the appends of one microtask travel to the worker as one message, and
 * every append has a promise of its own that says where the event landed.
 */
import { type TrackerEvent, takeEvents } from '../stream.ts'
import type { ManyAnswer, ManyMessage } from './many-worker.ts'

export interface ManyOptions {
  readonly seed: number
  readonly appends: number
  /** Appends before the clock starts, as many as the engine's side makes. */
  readonly warmUp: number
}

interface Waiting {
  readonly event: TrackerEvent
  readonly resolve: (offset: number) => void
}

export async function appendMany({ seed, appends, warmUp }: ManyOptions): Promise<{ ms: number }> {
  const events = takeEvents(seed, warmUp + appends, 'mixed')
  const append = await openWriter()
  await Promise.all(events.slice(0, warmUp).map(append))
  const measured = events.slice(warmUp)
  const start = performance.now()
  const offsets = await Promise.all(measured.map((event) => append(event)))
  const ms = performance.now() - start
  if (offsets.at(-1) !== events.length) throw new Error(`the last event landed at ${offsets.at(-1)}`)
  return { ms }
}

async function openWriter(): Promise<(event: TrackerEvent) => Promise<number>> {
  const worker = new Worker(new URL('./many-worker.ts', import.meta.url), { type: 'module', name: 'hand' })
  const sent = new Map<number, readonly Waiting[]>()
  let waiting: Waiting[] = []
  let number = 0
  const flush = (): void => {
    sent.set(++number, waiting)
    worker.postMessage({ number, events: waiting.map(({ event }) => event) } satisfies ManyMessage)
    waiting = []
  }
  await new Promise<void>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<ManyAnswer>) => {
      if (data.number === 0) return resolve()
      const answered = sent.get(data.number) ?? []
      sent.delete(data.number)
      for (let i = 0; i < answered.length; i++) answered[i]!.resolve(data.firstOffset + i)
    }
  })
  return (event) =>
    new Promise((resolve) => {
      if (waiting.length === 0) queueMicrotask(flush)
      waiting.push({ event, resolve })
    })
}
