/**
 * From nothing to the first answers by hand: start a worker, ask it for a row and for the first 50 open ones. `fill`
 * stores the rows that it is measured on.
 */
import type { Issue } from '../fold.ts'
import { issueId } from '../stream.ts'
import type { OpenMessage } from './open-worker.ts'

export interface OpenOptions {
  readonly rows: number
}

/** Milliseconds from the start to each answer. */
export interface OpenTimes {
  readonly getMs: number
  readonly rangeMs: number
}

export async function openRows({ rows }: OpenOptions): Promise<OpenTimes> {
  const start = performance.now()
  const worker = new Worker(new URL('./open-worker.ts', import.meta.url), { type: 'module', name: 'hand' })
  const ask = (message: OpenMessage): Promise<Issue[]> =>
    new Promise((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<Issue[]>) => resolve(data)
      worker.postMessage(message)
    })
  const [row] = await ask({ get: issueId(rows >> 1) })
  const getMs = performance.now() - start
  const found = await ask({ status: 'open', limit: 50 })
  const rangeMs = performance.now() - start
  if (row?.id !== issueId(rows >> 1) || found.length !== 50) throw new Error('the stored rows are not whole')
  return { getMs, rangeMs }
}
