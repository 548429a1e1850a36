/**
 * A link to an engine in a worker. A call to a worker that fails to load or dies is never answered; so here the hand-shake has
 * a deadline, and whatever ends the worker ends the link.
 */
import { drawId, HeadwaterError, type LogId } from '@headwater/log'
import type { AppendMessage, Opened, WorkerSide } from '../protocol.ts'
import type { Powers } from '../seams.ts'
import { withDeadline } from './deadline.ts'
import type { Connect, EngineLink } from './engine-link.ts'
import { checkHello } from './hello.ts'
import { watchSilence } from './watchdog.ts'
import { callWorker } from './worker-calls.ts'
import { superviseWorker } from './worker-life.ts'

/** Connects to workers that `createWorker` makes, a fresh one for each connection. */
export function connectToWorker(createWorker: () => Worker, { random, scheduler }: Powers): Connect {
  return async (definition, args, events) => {
    const dueMs = scheduler.elapsedMs() + args.deadlineMs
    const worker = create(createWorker)
    const life = superviseWorker(worker, events)
    const side = callWorker(worker)
    try {
      const lifeLock = `headwater:life:${drawId<LogId>(random)}`
      const greeting = withDeadline(scheduler, side.hello(lifeLock), args.deadlineMs, 'reach the worker')
      const hello = await life.orEnd(greeting.catch(refuseSilence))
      checkHello(hello, definition)
      life.watch(lifeLock)
      const leftMs = Math.max(0, dueMs - scheduler.elapsedMs())
      const opening = side.open({ ...args, deadlineMs: leftMs })
      const opened = await life.orEnd(withDeadline(scheduler, opening, leftMs, 'open the database'))
      life.opened()
      watchSilence(scheduler, () => side.ping(), life.fail)
      return createLink(worker, side, life.end, opened)
    } catch (error) {
      life.end()
      throw error
    }
  }
}

function createLink(worker: Worker, side: WorkerSide, end: () => void, opened: Opened): EngineLink {
  return {
    opened,
    call: side.call,
    append: (batch) => worker.postMessage({ append: batch } satisfies AppendMessage),
    // Cancelling is best effort: who cancelled has had the answer already.
    cancel: (id) => void side.cancel(id),
    release: end,
  }
}

function create(createWorker: () => Worker): Worker {
  try {
    return createWorker()
  } catch (cause) {
    throw new HeadwaterError('WORKER_UNAVAILABLE', 'The worker could not be made.', {
      hint: '`worker` must return `new Worker(…)`; a content policy may forbid it.',
      cause,
    })
  }
}

function refuseSilence(cause: unknown): never {
  throw new HeadwaterError('WORKER_UNAVAILABLE', 'The worker has loaded but does not answer.', {
    hint: 'Its file must call serve(definition) first; is it bundled as a module?',
    cause,
  })
}
