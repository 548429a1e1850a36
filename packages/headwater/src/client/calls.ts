/**
 * Calls on their way, on the page. Each ends (D4): with the engine's answer, by its caller's signal, at its deadline, or
 * with the connection. A call outlives a dead engine: the next one is asked again, which every call allows.
 */

import { HeadwaterError } from '@headwater/log'
import type { EngineLink } from '../link/engine-link.ts'
import type { Args, CallId, Method, Progress, Result } from '../protocol.ts'
import type { Timers } from '../seams.ts'
import { type Due, silent, watchDue } from './due.ts'

/** What a call may bring. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** How long the engine may stay silent; progress counts as a sign of life. */
  readonly silenceMs: number
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** The calls of one client. */
export interface CallsUnderWay {
  nextId(): CallId
  ask<M extends Method>(method: M, args: Args<M>, options: CallOptions): Promise<Result<M>>
  progress(id: CallId, progress: Progress): void
  /** Asks everything that waits through a new link. */
  connect(link: EngineLink): void
  /** Keeps what waits until `connect`. */
  disconnect(): void
  /** Rejects everything that waits, and whatever comes. */
  fail(error: HeadwaterError): void
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
    giveUp(id, silent(method, 'A fold may run for ever, or the device is very busy: see `status`.'))
  })
  const ask = <M extends Method>(method: M, args: Args<M>, options: CallOptions): Promise<Result<M>> =>
    new Promise((resolve, reject) => {
      const { signal, silenceMs } = options
      if (failure) return reject(failure)
      if (signal?.aborted) return reject(abortedCall(signal))
      const id = ++lastId
      const abort = (): void => giveUp(id, abortedCall(signal))
      const done = (): void => {
        waiting.delete(id)
        signal?.removeEventListener('abort', abort)
      }
      const call: Waiting = {
        method,
        options,
        dueMs: scheduler.elapsedMs() + silenceMs,
        reject: (error) => {
          done()
          reject(error)
        },
        send: (to) => {
          // An answer of a link that has died meanwhile is as good as one of the next.
          to.call(id, method, args).then((result) => {
            done()
            resolve(result)
          }, call.reject)
        },
      }
      waiting.set(id, call)
      signal?.addEventListener('abort', abort)
      watch()
      if (link) call.send(link)
    })
  return {
    nextId: () => ++lastId,
    ask,
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
