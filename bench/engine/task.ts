/**
 * Runs a task of the engine's workers from the page: a fresh worker each time, as after a restart.
 */
import type { TaskOptions } from '../hand/task.ts'
import { createTaskWorker } from '../page/tasks.ts'

export function runTask({ task, options }: TaskOptions): Promise<unknown> {
  return createTaskWorker(task === 'rebuild' ? startViews() : startLog()).ask(task, options)
}

function startLog(): Worker {
  return new Worker(new URL('./log-worker.ts', import.meta.url), { type: 'module', name: 'engine' })
}

function startViews(): Worker {
  return new Worker(new URL('./views-worker.ts', import.meta.url), { type: 'module', name: 'engine' })
}
