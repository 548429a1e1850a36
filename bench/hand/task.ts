/**
 * Runs a task of the by-hand worker from the page: a fresh worker each time, as after a restart.
 */
import { createTaskWorker } from '../page/tasks.ts'

export interface TaskOptions {
  readonly task: string
  readonly options: unknown
}

export function runTask({ task, options }: TaskOptions): Promise<unknown> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'hand' })
  return createTaskWorker(worker).ask(task, options)
}
