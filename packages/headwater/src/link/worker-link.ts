/**
 * A link to an engine in a worker, over comlink. comlink's calls hang for ever when the worker fails to load or dies and
 * its errors lose their class; so here the hand-shake has a deadline, whatever ends the worker ends the link, and errors
 * travel as data.
 */
import { dataToError, drawId, HeadwaterError, type LogId } from '@headwater/log'
import { type Remote, wrap } from 'comlink'
import type { AppendMessage, Args, Method, Opened, Outcome, Result, WorkerSide } from '../protocol.ts'
import type { Powers } from '../seams.ts'
import { withDeadline } from './deadline.ts'
import type { Connect, EngineLink } from './engine-link.ts'
import { checkHello } from './hello.ts'
import { watchSilence } from './watchdog.ts'
import { superviseWorker } from './worker-life.ts'

/** Connects to workers that `createWorker` makes, a fresh one for each connection. */
export function connectToWorker(createWorker: () => Worker, { random, scheduler }: Powers): Connect {
  return async (definition, args, events) => {
    const dueMs = scheduler.elapsedMs() + args.deadlineMs
    const worker = create(createWorker)
    const life = superviseWorker(worker, events)
    const side = wrap<WorkerSide>(worker)
    try {
      const lifeLock = `headwater:life:${drawId<LogId>(random)}`
      const greeting = withDeadline(scheduler, side.hello(lifeLock), args.deadlineMs, 'reach the worker')
      const hello = await life.orEnd(greeting.catch(refuseSilence))
      checkHello(hello, definition)
      life.watch(lifeLock)
      const leftMs = Math.max(0, dueMs - scheduler.elapsedMs())
      const opening = side.open({ ...args, deadlineMs: leftMs }).then(unwrap<Opened>)
      const opened = await life.orEnd(withDeadline(scheduler, opening, leftMs, 'open the database'))
      life.opened()
      const stopWatching = watchSilence(scheduler, () => side.ping(), life.hangs)
      const end = (): void => {
        stopWatching()
        life.end()
      }
      return createLink(worker, side, end, opened)
    } catch (error) {
      life.end()
      throw error
    }
  }
}

function createLink(worker: Worker, side: Remote<WorkerSide>, end: () => void, opened: Opened): EngineLink {
  const call = async <M extends Method>(id: number, method: M, args: Args<M>): Promise<Result<M>> =>
    unwrap(await side.call(id, method, args))
  return {
    opened,
    call,
    append: (batch) => worker.postMessage({ append: batch } satisfies AppendMessage, [batch.bytes.buffer]),
    // Cancelling is best effort: who cancelled has had the answer already.
    cancel: (id) => void side.cancel(id),
    release: end,
  }
}

/** What a call ended with: the protocol says of which type that is. */
function unwrap<T>(outcome: Outcome): T {
  if (outcome.type === 'done') return outcome.value as T
  throw dataToError(outcome.error)
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
