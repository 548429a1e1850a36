/** The thread that holds the database: opens it, says so, and answers calls one after the other until it is told to close. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { assert, errorToData, hastenSha256 } from '@headwater/log'
import type { SqliteEngine, ThreadCall, ThreadMessage, ThreadStart } from './calls.ts'
import { createEngine } from './engine.ts'
import { openDatabase, readMeta } from './schema.ts'
import { storageError } from './transaction.ts'

function run(start: ThreadStart): void {
  const { settings, epoch, ...policy } = start
  const { database, isDurable } = openDatabase(settings, epoch)
  const engine = createEngine(database, policy)
  parentPort?.on('message', (call: ThreadCall) => {
    answer(engine, call)
    if (call.method === 'close') parentPort?.close()
  })
  say({ type: 'opened', epoch: readMeta(database, 'epoch'), isDurable })
}

function answer(engine: SqliteEngine, { id, method, args }: ThreadCall): void {
  try {
    const call = engine[method] as (...args: readonly unknown[]) => unknown // both sides are typed by SqliteEngine
    say({ type: 'value', id, value: call(...args) })
  } catch (error) {
    say({ type: 'error', id, error: errorToData(storageError(error)) })
  }
}

function say(message: ThreadMessage): void {
  parentPort?.postMessage(message)
}

assert(!isMainThread, 'the database lives in a thread of its own')
void hastenSha256() // what is offered is hashed; nothing waits for it
try {
  run(workerData as ThreadStart) // given by sqlite-store.ts alone
} catch (error) {
  say({ type: 'failed', error: errorToData(storageError(error)) })
}
