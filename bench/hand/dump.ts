/**
 * From nothing to the first search by hand: start a worker that loads a bare dump and searches.
 */
import { createTaskWorker, type TaskWorker } from '../page/tasks.ts'
import type { Loading } from './dump-worker.ts'

function start(): TaskWorker {
  return createTaskWorker(
    new Worker(new URL('./dump-worker.ts', import.meta.url), { type: 'module', name: 'hand' }),
  )
}

export interface DumpOptions {
  readonly seed: number
  readonly documents: number
}

export function buildDump(options: DumpOptions): Promise<{ ms: number; chars: number }> {
  return start().ask('build', options)
}

export async function searchDump(options: {
  readonly loading: Loading
  readonly text: string
}): Promise<{ ms: number; total: number }> {
  const begin = performance.now()
  const { total } = await start().ask<{ total: number }>('search', options)
  return { ms: performance.now() - begin, total }
}
