/**
 * Calls on their way, on the page. Each ends (D4): with the engine's answer, by its caller's signal, at its deadline, or
 * with the connection. A call outlives a dead engine: the next one is asked again, which every call allows.
 */
import { HeadwaterError } from '@headwater/log'
import { overdue } from '../link/deadline.ts'
import type { EngineLink } from '../link/engine-link.ts'
import type { Args, CallId, Method, Progress, Result } from '../protocol.ts'
import type { Timers } from '../seams.ts'
import type { ConnectedPart } from './connection.ts'
import { type Due, watchDue } from './due.ts'

/** What a call may bring. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** How long the engine may stay silent; progress counts as a sign of life. */
  readonly silenceMs: number
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** The calls of one client. Before the first link and between two of them, calls wait. */
export interface CallsUnderWay extends ConnectedPart {
  nextId(): CallId
  ask<M extends Method>(method: M, args: Args<M>, options: CallOptions): Promise<Result<M>>
  progress(id: CallId, progress: Progress): void
}

interface Waiting extends Due {
  readonly method: Method
  readonly send: (link: EngineLink) => void
  readonly reject: (error: Error) => void
  readonly options: CallOptions
}

/** No calls yet. */
export function createCalls(scheduler: Timers): CallsUnderWay {
  const waiting = new Map<CallId, Waiting>()
  let link: EngineLink | undefined
  let failure: HeadwaterError | undefined
  let lastId = 0

  const giveUp = (id: CallId, error: Error): void => {
    waiting.get(id)?.reject(error)
    link?.cancel(id)
  }
  const watch = watchDue(scheduler, waiting, (id, { method }) => {
    giveUp(
      id,
      overdue(`answer ${method}`, 'A fold may run for ever, or the device is very busy: see `status`.'),
    )
  })
  const start = <M extends Method>(method: M, args: Args<M>, options: CallOptions): Promise<Result<M>> =>
    new Promise((resolve, reject) => {
      const id = ++lastId
      const abort = (): void => giveUp(id, abortedCall(options.signal))
      const done = (): void => {
        waiting.delete(id)
        options.signal?.removeEventListener('abort', abort)
      }
      const refuse = (error: Error): void => {
        done()
        reject(error)
      }
      const answer = (result: Result<M>): void => {
        done()
        resolve(result)
      }
      // An answer of a link that has died meanwhile is as good as one of the next.
      const send = (to: EngineLink): void => void to.call(id, method, args).then(answer, refuse)
      waiting.set(id, {
        method,
        options,
        send,
        reject: refuse,
        dueMs: scheduler.elapsedMs() + options.silenceMs,
      })
      options.signal?.addEventListener('abort', abort)
      watch()
      if (link) send(link)
    })
  return {
    nextId: () => ++lastId,
    ask: async (method, args, options) => {
      if (failure) throw failure
      if (options.signal?.aborted) throw abortedCall(options.signal)
      return start(method, args, options)
    },
    progress: (id, progress) => {
      const call = waiting.get(id)
      if (!call) return
      call.dueMs = scheduler.elapsedMs() + call.options.silenceMs
      call.options.onProgress?.(progress)
    },
    connect: (to) => {
      link = to
      for (const call of waiting.values()) call.send(to)
    },
    disconnect: () => {
      link = undefined
    },
    fail: (error) => {
      failure = error
      link = undefined
      for (const call of waiting.values()) call.reject(error)
    },
  }
}

/** What an aborted wait rejects with. */
export function abortedCall(signal: AbortSignal | undefined): HeadwaterError {
  return new HeadwaterError('ABORTED', 'The wait was aborted by its caller.', {
    hint: 'Nothing more comes of it; ask again when it is wanted.',
    cause: signal?.reason,
  })
}
