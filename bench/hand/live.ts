/**
 * A durable append until the changed totals are on the page, by hand: post the event, wait for the totals.
 */
import { takeFlips } from '../flips.ts'
import type { LiveAnswer, LiveMessage } from './live-worker.ts'

export interface LiveOptions {
  readonly seed: number
  readonly rows: number
  readonly samples: number
  readonly warmUp: number
}

export async function liveTotals({ seed, rows, samples, warmUp }: LiveOptions): Promise<{ times: number[] }> {
  const worker = new Worker(new URL('./live-worker.ts', import.meta.url), { type: 'module', name: 'hand' })
  const ask = (message: LiveMessage): Promise<string> =>
    new Promise((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<LiveAnswer>) => resolve(JSON.stringify(data))
      worker.postMessage(message)
    })
  let shown = await ask({ seed, rows, kind: 'opened' })
  const times: number[] = []
  for (const event of takeFlips(rows, warmUp + samples)) {
    const start = performance.now()
    const totals = await ask({ event })
    times.push(performance.now() - start)
    if (totals === shown) throw new Error('an append left the totals as they were')
    shown = totals
  }
  return { times: times.slice(warmUp) }
}
