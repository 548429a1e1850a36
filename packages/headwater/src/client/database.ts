/**
 * The open `Database` as the page holds it: the parts of the client put together over one connection. What crosses to the
 * engine is in `protocol.ts`; what lasts longer than one engine is in the parts.
 */
import { HeadwaterError, unreachable } from '@headwater/log'
import type { ViewRequest } from '@headwater/views'
import type { Database, DatabaseDefinition, Freshness, LongWork } from '../database.ts'
import { createDraftTypes } from '../draft-types.ts'
import type { Connect } from '../link/engine-link.ts'
import { onVisible } from '../platform.ts'
import type { OpenArgs, Progress, Report, Waiting } from '../protocol.ts'
import type { Powers, Timers } from '../seams.ts'
import { createAppendQueue } from './appends.ts'
import { type CallOptions, type CallsUnderWay, createCalls } from './calls.ts'
import { openConnection } from './connection.ts'
import { streamExport } from './export.ts'
import { createLiveStates } from './live.ts'
import { createFace, type QuerySource } from './query.ts'
import { createStatusBoard, type StatusBoard } from './status.ts'

/** What a client is made of. */
export interface ClientOptions<Definition extends DatabaseDefinition> {
  readonly definition: Definition
  readonly args: OpenArgs
  readonly connect: Connect
  readonly powers: Powers
}

const QUERY_DEADLINE_MS = 10_000
/** The engine keeps deadlines; the page's own are for an engine that hangs, and come this much later. */
const PATIENCE_MS = 1_000
const WORK_SILENCE_MS = 60_000
const CLOSE_DEADLINE_MS = 10_000

/** Opens a client. Errors: those of `Connect`. */
export async function openClient<Definition extends DatabaseDefinition>(
  options: ClientOptions<Definition>,
): Promise<Database<Definition>> {
  const { definition, args, powers } = options
  const { scheduler } = powers
  const calls = createCalls(scheduler)
  const events = createDraftTypes(definition.events)
  const appends = createAppendQueue({ ...powers, events, nextId: calls.nextId })
  const live = createLiveStates(scheduler, calls.nextId)
  let board: StatusBoard | undefined
  const onReport = (report: Report): void => {
    switch (report.type) {
      case 'appended':
        appends.appended(report)
        break
      case 'appendFailed':
        appends.appendFailed(report.id, report.error)
        break
      case 'answer':
      case 'answerFailed':
        live.answered(report)
        break
      case 'progress':
        calls.progress(report.id, report.progress)
        break
      case 'status':
        board?.setEngine(report.status)
        break
      case 'gone':
        end(destroyedElsewhere(definition.name))
        break
      default:
        unreachable(report)
    }
  }
  const connection = await openConnection({
    ...options,
    scheduler,
    parts: [calls, appends, live],
    onReport,
    onChange: (state, error) => board?.setConnection(state, error),
  })
  const status = createStatusBoard(connection.opened.status)
  board = status
  const stopLooking = onVisible(() => {
    // A look is a hint: where it does not come through, the slow timer looks.
    calls.ask('look', undefined, { silenceMs: WORK_SILENCE_MS }).catch(() => undefined)
  })
  let refusal: HeadwaterError | undefined
  let ending: Promise<void> | undefined
  function end(error: HeadwaterError): void {
    refusal ??= error
    ending ??= Promise.resolve()
    stopLooking()
    connection.end(error)
  }
  /** Lets appends land, asks the engine to end, and ends the connection whatever comes of it. */
  const finish = async (method: 'close' | 'destroy'): Promise<void> => {
    refusal = closed(definition.name)
    stopLooking()
    await withinBound(scheduler, appends.idle())
    try {
      if (connection.isOpen()) await calls.ask(method, undefined, { silenceMs: CLOSE_DEADLINE_MS })
    } finally {
      end(closed(definition.name))
    }
  }
  const open = <T>(ask: () => Promise<T>): Promise<T> => (refusal ? Promise.reject(refusal) : ask())
  const source: QuerySource = {
    ask: (request, freshness) => open(() => askQuery(calls, request, freshness)),
    subscribe: live.subscribe,
    state: live.state,
  }
  const viewName = (property: string): string => definition.views[property]?.name ?? property
  return {
    name: args.name,
    views: facesOf(definition, source),
    append: (drafts, how = {}) => open(() => appends.append('type' in drafts ? [drafts] : drafts, how)),
    status: { get: status.get, subscribe: status.subscribe },
    verify: (view, work = {}) => open(() => calls.ask('verify', { view: viewName(view) }, longCall(work))),
    rebuild: (view, work = {}) => open(() => calls.ask('rebuild', { view: viewName(view) }, longCall(work))),
    settled: (freshness = {}) =>
      open(() => {
        const waiting = waitingOf(freshness)
        const silenceMs = waiting.deadlineMs + PATIENCE_MS
        return calls.ask('settled', waiting, { signal: freshness.signal, silenceMs })
      }),
    readLog: ({ after, limit = 100 } = {}) =>
      open(() => calls.ask('readLog', { after, limit }, { silenceMs: QUERY_DEADLINE_MS })),
    exportEvents: (how = {}) => streamExport({ ask: (...call) => open(() => calls.ask(...call)) }, how),
    importEvents: (from, { onFault = 'stop', onProgress, signal } = {}) =>
      open(() => {
        const tell = onProgress && ((progress: Progress) => 'phase' in progress && onProgress(progress))
        return calls.ask(
          'importEvents',
          { source: from, onFault },
          { signal, onProgress: tell, silenceMs: WORK_SILENCE_MS },
        )
      }),
    close: () => (ending ??= finish('close')),
    destroy: () => {
      const before = ending
      ending = before ? before.then(() => refuseDestroy(definition.name)) : finish('destroy')
      return ending
    },
  }
}

/** The typed faces of the views, by property. */
function facesOf<Definition extends DatabaseDefinition>(
  definition: Definition,
  source: QuerySource,
): Database<Definition>['views'] {
  const faces = Object.entries(definition.views).map(([property, view]) => [
    property,
    createFace(view, source),
  ])
  return Object.fromEntries(faces)
}

function askQuery(calls: CallsUnderWay, request: ViewRequest, freshness: Freshness): Promise<unknown> {
  const waiting = waitingOf(freshness)
  const silenceMs = waiting.deadlineMs + PATIENCE_MS
  return calls.ask('query', { request, ...waiting }, { signal: freshness.signal, silenceMs })
}

function waitingOf({ atLeast, deadlineMs = QUERY_DEADLINE_MS }: Freshness): Waiting {
  if (atLeast === undefined) return { deadlineMs }
  return { atLeast: { replica: atLeast.replica, offset: atLeast.offset }, deadlineMs }
}

function longCall({ signal, onProgress }: LongWork): CallOptions {
  const tell = onProgress && ((progress: Progress) => 'done' in progress && onProgress(progress))
  return { signal, onProgress: tell, silenceMs: WORK_SILENCE_MS }
}

function withinBound(scheduler: Timers, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = scheduler.after(CLOSE_DEADLINE_MS, resolve)
    void work.then(() => {
      cancel()
      resolve()
    })
  })
}

function closed(name: string): HeadwaterError {
  return new HeadwaterError('CLOSED', `The database "${name}" is closed.`, {
    hint: 'Open it again with openDatabase.',
  })
}

function refuseDestroy(name: string): never {
  throw new HeadwaterError('CLOSED', `The database "${name}" was closed and cannot be destroyed any more.`, {
    hint: 'Open it again first.',
  })
}

function destroyedElsewhere(name: string): HeadwaterError {
  return new HeadwaterError('CLOSED', `The database "${name}" was destroyed by another tab.`, {
    hint: 'Its events are gone.',
  })
}
