/**
 * Questions from a bench page to a bench worker and back: one message each way, matched by number, errors as text.
 * Timings are taken by whoever does the work; this carries them. Not for figures that measure the way itself.
 */

interface Asked {
  readonly number: number
  readonly task: string
  readonly options: unknown
}
type Answered =
  | { readonly number: number; readonly answer: unknown }
  | { readonly number: number; readonly error: string }

/** What a worker can be asked, by name. */
export type Tasks = Readonly<Record<string, (options: never) => unknown>>

/** In a worker: answers tasks, one at a time in the order of asking. */
export function answerTasks(tasks: Tasks): void {
  let last: Promise<void> = Promise.resolve()
  self.onmessage = ({ data }: MessageEvent<Asked>) => {
    last = last.then(async () => self.postMessage(await answer(tasks, data)))
  }
}

async function answer(tasks: Tasks, { number, task, options }: Asked): Promise<Answered> {
  try {
    const run = tasks[task]
    if (run === undefined) throw new Error(`this worker has no task "${task}"`)
    return { number, answer: await run(options as never) }
  } catch (error) {
    return { number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** On the page: asks a worker. */
export interface TaskWorker {
  ask<Answer>(task: string, options?: unknown): Promise<Answer>
}

export function createTaskWorker(worker: Worker): TaskWorker {
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>()
  let asked = 0
  worker.onmessage = ({ data }: MessageEvent<Answered>) => {
    const one = waiting.get(data.number)
    waiting.delete(data.number)
    if ('error' in data) one?.reject(new Error(data.error))
    else one?.resolve(data.answer as never)
  }
  worker.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(`the worker failed: ${event.message}`))
  }
  return {
    ask: (task, options) =>
      new Promise((resolve, reject) => {
        waiting.set(++asked, { resolve, reject })
        worker.postMessage({ number: asked, task, options } satisfies Asked)
      }),
  }
}
