/**
 * Calls on their way, on the page. Each ends (D4): with the engine's answer, by its caller's signal, at its deadline, or
 * with the connection. A call outlives a dead engine: the next one is asked again, which every call allows.
 */
import { overdue } from '../link/deadline.ts'
import type { EngineLink } from '../link/engine-link.ts'
import type { Args, CallId, Method, Progress, Result } from '../protocol.ts'
import type { Timers } from '../seams.ts'
import type { ConnectedPart } from './connection.ts'
import { type Due, watchDue } from './due.ts'
import { abortedCall, checkLine, createLine } from './line.ts'

/** What a call may bring. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** How long the engine may stay silent; progress counts as a sign of life. */
  readonly silenceMs: number
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** The calls of one client. Before the first link and between two of them, calls wait. */
export interface CallsUnderWay extends ConnectedPart {
  readonly nextId: () => CallId
  readonly ask: <M extends Method>(method: M, args: Args<M>, options: CallOptions) => Promise<Result<M>>
  readonly progress: (id: CallId, progress: Progress) => void
}

interface Waiting extends Due {
  readonly method: Method
  readonly send: (link: EngineLink) => void
  readonly reject: (error: Error) => void
  readonly options: CallOptions
}

const SILENCE_HINT = 'A fold may run for ever: see `status`.'

/** No calls yet. */
export function createCalls(scheduler: Timers): CallsUnderWay {
  const waiting = new Map<CallId, Waiting>()
  const line = createLine()
  let lastId = 0

  const dueAfter = ({ silenceMs }: CallOptions): number => scheduler.elapsedMs() + silenceMs
  const giveUp = (id: CallId, error: Error): void => {
    waiting.get(id)?.reject(error)
    line.link()?.cancel(id)
  }
  const watch = watchDue(scheduler, waiting, (id, { method }) => {
    giveUp(id, overdue(`answer ${method}`, SILENCE_HINT))
  })
  const start = <M extends Method>(method: M, args: Args<M>, options: CallOptions): Promise<Result<M>> =>
    new Promise((resolve, reject) => {
      const id = ++lastId
      const abort = (): void => giveUp(id, abortedCall(options.signal))
      /** Whatever comes first ends the call; an answer of a link that has died meanwhile is as good as another's. */
      const end = (settle: () => void): void => {
        waiting.delete(id)
        options.signal?.removeEventListener('abort', abort)
        settle()
      }
      const refuse = (error: Error): void => end(() => reject(error))
      const send = (to: EngineLink): void => {
        to.call(id, method, args).then((result) => end(() => resolve(result)), refuse)
      }
      waiting.set(id, { method, options, send, reject: refuse, dueMs: dueAfter(options) })
      options.signal?.addEventListener('abort', abort)
      watch()
      const link = line.link()
      if (link) send(link)
    })
  return {
    nextId: () => ++lastId,
    ask: async (method, args, options) => {
      checkLine(line, options.signal)
      return start(method, args, options)
    },
    progress: (id, progress) => {
      const call = waiting.get(id)
      if (call) call.dueMs = dueAfter(call.options)
      call?.options.onProgress?.(progress)
    },
    connect: (to) => {
      line.connect(to)
      for (const call of waiting.values()) call.send(to)
    },
    disconnect: line.disconnect,
    fail: (error) => {
      line.fail(error)
      for (const call of waiting.values()) call.reject(error)
    },
  }
}
