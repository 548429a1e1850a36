/**
 * The worker's entry: three lines in the app's worker file call `serve(definition)`. It exposes the engine through comlink
 * at once, so that the page's hand-shake is answered as soon as the file has loaded, and holds a Web Lock for as long as
 * the worker lives, by which the page notices its death.
 */
import { errorToData } from '@headwater/log'
import { expose } from 'comlink'
import type { DatabaseDefinition } from './database.ts'
import { createSwitchboard } from './engine/switchboard.ts'
import { describe } from './link/hello.ts'
import { createPlatform, holdForLife } from './platform.ts'
import type { AppendMessage, Outcome, ReportMessage, WorkerSide } from './protocol.ts'

/** Serves a database to the page that made this worker. Call it once, at the top of the worker's file. */
export function serve(definition: DatabaseDefinition): void {
  const send = (reports: ReportMessage['reports']): void => post({ reports })
  const switchboard = createSwitchboard(definition, createPlatform(), send)
  const side: WorkerSide = {
    hello: async (lifeLock) => {
      await holdForLife(lifeLock)
      return { serves: describe(definition) }
    },
    open: (args) => outcomeOf(switchboard.open(args)),
    call: (id, method, args) => outcomeOf(switchboard.call(id, method, args)),
    cancel: (id) => switchboard.cancel(id),
    ping: () => undefined,
  }
  expose(side)
  addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isAppend(data)) switchboard.append(data.append)
  })
}

function isAppend(data: unknown): data is AppendMessage {
  return typeof data === 'object' && data !== null && 'append' in data
}

function post(message: ReportMessage): void {
  const target: unknown = globalThis
  if (canPost(target)) target.postMessage(message)
}

function canPost(target: unknown): target is { postMessage(message: ReportMessage): void } {
  return typeof target === 'object' && target !== null && 'postMessage' in target
}

/** Errors lose their class and fields on the way: they travel as data. */
async function outcomeOf(result: Promise<unknown>): Promise<Outcome> {
  try {
    return { type: 'done', value: await result }
  } catch (error) {
    return { type: 'failed', error: errorToData(error) }
  }
}
