/**
 * The hub's side of the thread that holds the database: starts it, turns calls into promises, and fails all of them by name
 * when the thread dies.
 */
import { Worker } from 'node:worker_threads'
import { dataToError, HeadwaterError } from '@headwater/log'
import type { SqliteEngine, ThreadMessage, ThreadStart } from './calls.ts'

/** A running thread. */
export interface DatabaseThread {
  readonly epoch: string
  readonly isDurable: boolean
  /** Calls a method of the engine there. Errors: its own, `STORAGE_LOST` when the thread died, `CLOSED`. */
  call<Name extends keyof SqliteEngine>(
    method: Name,
    ...args: Parameters<SqliteEngine[Name]>
  ): Promise<ReturnType<SqliteEngine[Name]>>
  close(): Promise<void>
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Starts the thread; `onLost` is told if it dies by itself. Errors: those of `openDatabase`. */
export async function startDatabaseThread(
  start: ThreadStart,
  onLost: (error: unknown) => void,
): Promise<DatabaseThread> {
  const source = new URL('./thread.ts', import.meta.url)
  // Built or not: the file beside this very module.
  const url = import.meta.url.endsWith('.ts') ? source : new URL(source.href.replace(/ts$/, 'js'))
  const worker = new Worker(url, { workerData: start })
  const waiting = new Map<number, Waiting>()
  let lost: HeadwaterError | undefined
  const lose = (error: HeadwaterError): void => {
    lost ??= error
    for (const { reject } of waiting.values()) reject(lost)
    waiting.clear()
  }
  worker.on('error', (cause) => lose(died(cause)))
  const { epoch, isDurable } = await opened(worker)
  let closing: Promise<void> | undefined
  worker.on('exit', () => {
    lose(closing ? closed() : died(undefined))
    if (!closing) onLost(lost)
  })
  worker.on('message', (message: ThreadMessage) => settle(waiting, message))
  let nextId = 1
  const call: DatabaseThread['call'] = (method, ...args) =>
    new Promise((resolve, reject) => {
      if (lost !== undefined) return reject(lost)
      const id = nextId++
      waiting.set(id, { resolve: resolve as Waiting['resolve'], reject }) // settle() hands on what the engine returned
      worker.postMessage({ id, method, args })
    })
  const close = (): Promise<void> => {
    closing ??= call('close').then(
      async () => void (await worker.terminate()),
      () => {
        // The thread is gone already, and everybody who waited was told why.
      },
    )
    return closing
  }
  return { epoch, isDurable, call, close }
}

async function opened(worker: Worker): Promise<Extract<ThreadMessage, { type: 'opened' }>> {
  return await new Promise((resolve, reject) => {
    worker.once('error', (cause) => reject(died(cause)))
    worker.once('message', (message: ThreadMessage) => {
      if (message.type === 'opened') return resolve(message)
      void worker.terminate()
      reject(message.type === 'failed' ? dataToError(message.error) : died(undefined))
    })
  })
}

function settle(waiting: Map<number, Waiting>, message: ThreadMessage): void {
  if (message.type !== 'value' && message.type !== 'error') return
  const call = waiting.get(message.id)
  waiting.delete(message.id)
  if (message.type === 'value') call?.resolve(message.value)
  else call?.reject(dataToError(message.error))
}

function died(cause: unknown): HeadwaterError {
  return new HeadwaterError('STORAGE_LOST', 'The thread that holds the hub’s database died.', {
    hint: 'Start the hub again; what was acknowledged is stored.',
    cause,
  })
}

function closed(): HeadwaterError {
  return new HeadwaterError('CLOSED', 'The hub’s store is closed.', { hint: 'Open it again.' })
}
