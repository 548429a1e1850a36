/**
 * The worker's entry: three lines in the app's worker file call `serve(definition)`. It answers at once, so that the page's
 * hand-shake is answered as soon as the file has loaded, and holds a Web Lock for as long as the worker lives, by which the
 * page notices its death.
 */
import { errorToData } from '@headwater/log'
import type { DatabaseDefinition } from './database.ts'
import { createSwitchboard } from './engine/switchboard.ts'
import { describe } from './link/hello.ts'
import { createPlatform, holdForLife } from './platform.ts'
import type { AnswerMessage, AppendMessage, CallMessage, ReportMessage, WorkerSide } from './protocol.ts'

/** Serves a database to the page that made this worker. Call it once, at the top of the worker's file. */
export function serve(definition: DatabaseDefinition): void {
  const send = (reports: ReportMessage['reports']): void => post({ reports })
  const switchboard = createSwitchboard(definition, createPlatform(), send)
  const side: WorkerSide = {
    hello: async (lifeLock) => {
      await holdForLife(lifeLock)
      return { serves: describe(definition) }
    },
    open: switchboard.open,
    call: switchboard.call,
    cancel: async (id) => switchboard.cancel(id),
    ping: async () => undefined,
  }
  addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isAppend(data)) switchboard.append(data.append)
    else if (isCall(data)) void answer(side, data)
  })
}

/** What cannot be posted is an error as well. */
async function answer(side: WorkerSide, call: CallMessage): Promise<void> {
  try {
    post({ answer: call.call, outcome: { type: 'done', value: await run(side[call.method], call.args) } })
  } catch (error) {
    post({ answer: call.call, outcome: { type: 'failed', error: errorToData(error) } })
  }
}

/** The arguments are those of the method: the hand-shake has made sure that both sides are of one build. */
function run(method: WorkerSide[keyof WorkerSide], args: readonly unknown[]): Promise<unknown> {
  return Reflect.apply(method, undefined, args) as Promise<unknown>
}

function isCall(data: unknown): data is CallMessage {
  return typeof data === 'object' && data !== null && 'call' in data
}

function isAppend(data: unknown): data is AppendMessage {
  return typeof data === 'object' && data !== null && 'append' in data
}

function post(message: ReportMessage | AnswerMessage): void {
  const target: unknown = globalThis
  if (canPost(target)) target.postMessage(message)
}

function canPost(target: unknown): target is { postMessage(message: ReportMessage | AnswerMessage): void } {
  return typeof target === 'object' && target !== null && 'postMessage' in target
}
