/**
 * Where calls arrive, in a worker or in process: each gets a signal that a later cancel fires and a way to say how far it
 * is. `open` makes the engine; every other call needs it open.
 */
import { HeadwaterError } from '@headwater/log'
import type { DatabaseDefinition } from '../database.ts'
import type { AppendBatch, Args, CallId, Method, OpenArgs, Opened, Result } from '../protocol.ts'
import type { Platform } from '../seams.ts'
import { type Engine, openEngine } from './engine.ts'
import type { CallContext, EngineMethods } from './methods.ts'
import type { Send } from './reporter.ts'

/** The engine's end of the line. Calls reject with `HeadwaterError`s. */
export interface Switchboard {
  readonly open: (args: OpenArgs) => Promise<Opened>
  readonly call: <M extends Method>(id: CallId, method: M, args: Args<M>) => Promise<Result<M>>
  /** Stores commits; how each ended is a report. Commits for a database that is not open are the page's to send again. */
  readonly append: (batch: AppendBatch) => void
  readonly cancel: (id: CallId) => void
}

/** A switchboard for one database. */
export function createSwitchboard(
  definition: DatabaseDefinition,
  platform: Platform,
  send: Send,
): Switchboard {
  const underWay = new Map<CallId, AbortController>()
  let engine: Engine | undefined

  return {
    open: async (args) => {
      engine = await openEngine(definition, args, platform, send)
      return { status: engine.status() }
    },
    call: async (id, method, args) => {
      if (engine === undefined) throw notOpen(method)
      const controller = new AbortController()
      underWay.set(id, controller)
      try {
        const context: CallContext = {
          signal: controller.signal,
          progress: (progress) => send([{ type: 'progress', id, progress }]),
        }
        return await run(engine.methods, method, args, context)
      } finally {
        underWay.delete(id)
      }
    },
    append: (batch) => engine?.append(batch),
    cancel: (id) => {
      underWay.get(id)?.abort(aborted())
      engine?.cancelAppend(id)
    },
  }
}

function run<M extends Method>(
  methods: EngineMethods,
  method: M,
  args: Args<M>,
  context: CallContext,
): Promise<Result<M>> {
  return methods[method](args, context)
}

function notOpen(method: Method): HeadwaterError {
  return new HeadwaterError('CLOSED', `"${method}" was called on a database that is not open.`, {
    hint: 'Wait for openDatabase before calling it.',
  })
}

function aborted(): HeadwaterError {
  return new HeadwaterError('ABORTED', 'The call was aborted by its caller.', {
    hint: 'Nothing more comes of it; call again when it is wanted.',
  })
}
