/**
 * One awaited append after another by hand, from the page to the worker and back.
 */
import { type TrackerEvent, takeEvents } from '../stream.ts'

export interface OneOptions {
  readonly seed: number
  readonly samples: number
  /** Appends before the clock starts, as many as the engine's side makes. */
  readonly warmUp: number
}

export async function appendOne({ seed, samples, warmUp }: OneOptions): Promise<{ times: number[] }> {
  const worker = new Worker(new URL('./one-worker.ts', import.meta.url), { type: 'module', name: 'hand' })
  let resolveNext: (offset: number) => void = () => {}
  const next = (): Promise<number> => new Promise((resolve) => (resolveNext = resolve))
  worker.onmessage = ({ data }: MessageEvent<number>) => resolveNext(data)
  await next()
  const append = (event: TrackerEvent): Promise<number> => {
    const answer = next()
    worker.postMessage(event)
    return answer
  }
  const times: number[] = []
  for (const event of takeEvents(seed, warmUp + samples, 'mixed')) {
    const start = performance.now()
    await append(event)
    times.push(performance.now() - start)
  }
  return { times: times.slice(warmUp) }
}
