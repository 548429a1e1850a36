/**
 * The open `Database` as the page holds it: each of its methods is a call through the parts of the client. What crosses
 * to the engine is in `protocol.ts`; how the parts hang together is in `parts.ts`, how they end in `ending.ts`.
 */
import { latePart } from '@headwater/log'
import type { ViewRequest } from '@headwater/views'
import type { Database, DatabaseDefinition, LongWork } from '../database.ts'
import type { Connect } from '../link/engine-link.ts'
import { onVisible } from '../platform.ts'
import type { OpenArgs, Progress, Waiting } from '../protocol.ts'
import type { Powers } from '../seams.ts'
import type { SyncSpec } from '../sync-spec.ts'
import type { CallOptions, CallsUnderWay } from './calls.ts'
import { createDocuments, type LazyDocuments } from './documents.ts'
import { createEnding } from './ending.ts'
import { streamExport } from './export.ts'
import { type AskHow, createFace, type QuerySource } from './face.ts'
import { createInsight } from './insight.ts'
import { openParts } from './parts.ts'
import { promised } from './promised.ts'

/** What a client is made of. */
export interface ClientOptions<Definition extends DatabaseDefinition> {
  readonly definition: Definition
  readonly args: OpenArgs
  readonly connect: Connect
  readonly powers: Powers
  readonly sync: SyncSpec | undefined
}

const travelling = latePart('reading the past', () => import('../past/open-past.ts'))

const QUERY_DEADLINE_MS = 10_000
/** The engine keeps deadlines; the page's own are for an engine that hangs, and come this much later. */
const PATIENCE_MS = 1_000
const WORK_SILENCE_MS = 60_000

/** Opens a client. Errors: those of `Connect`. */
export async function openClient<Definition extends DatabaseDefinition>(
  options: ClientOptions<Definition>,
): Promise<Database<Definition>> {
  const { definition, args, powers } = options
  const parts = await openParts({ ...options, onGone: (error) => ending.end(error) })
  const { calls, appends, live, status, sync } = parts
  const stopLooking = onVisible(() => {
    // A look is a hint: where it does not come through, the slow timer looks.
    calls.ask('look', undefined, { silenceMs: WORK_SILENCE_MS }).catch(() => undefined)
  })
  const ending = createEnding({ ...parts, name: args.name, scheduler: powers.scheduler, stopLooking })
  const open = async <T>(ask: () => Promise<T>): Promise<T> => {
    ending.check()
    return ask()
  }
  const ask: CallsUnderWay['ask'] = (...call) => open(() => calls.ask(...call))
  const source: QuerySource = {
    ask: (request, freshness) => askQuery(ask, request, freshness),
    subscribe: live.subscribe,
    state: live.state,
  }
  const docs = createDocuments({ source, append: (drafts) => open(() => appends.append(drafts, {})), powers })
  const viewName = (property: string): string => definition.views[property]?.name ?? property
  return {
    name: args.name,
    definition,
    views: facesOf(definition, source, docs.open),
    append: (drafts, how = {}) =>
      promised(() => {
        ending.check()
        return appends.append('type' in drafts ? [drafts] : drafts, how)
      }),
    status: { get: status.get, subscribe: status.subscribe },
    verify: (view, work = {}) => ask('verify', { view: viewName(view) }, longCall(work)),
    rebuild: (view, work = {}) => ask('rebuild', { view: viewName(view) }, longCall(work)),
    settled: (freshness = {}) => ask('settled', waitingOf(freshness), waitCall(freshness)),
    exportEvents: (how = {}) => streamExport(ask, how),
    importEvents: (from, { onFault = 'stop', onProgress, signal } = {}) => {
      const tell = onProgress && ((progress: Progress) => 'phase' in progress && onProgress(progress))
      const call = { signal, onProgress: tell, silenceMs: WORK_SILENCE_MS }
      return ask('importEvents', { source: from, onFault }, call)
    },
    at: (moment, how = {}) =>
      open(async () => {
        const { openPast } = await travelling()
        return openPast({ definition, ask, nextId: calls.nextId, scheduler: powers.scheduler }, moment, how)
      }),
    close: () => docs.end()?.then(ending.close, ending.close) ?? ending.close(),
    destroy: async ({ force = false } = {}) => {
      if (sync && !force) {
        await docs.flush()
        await sync.mayDestroy()
      }
      return ending.destroy()
    },
    ...createInsight(definition, { ask, viewName, longCall, live }),
    sync: sync?.sync,
    presence: sync?.presence,
  }
}

/** The typed faces of the views, by property. */
function facesOf<Definition extends DatabaseDefinition>(
  definition: Definition,
  source: QuerySource,
  open: LazyDocuments['open'],
): Database<Definition>['views'] {
  const faces = Object.entries(definition.views).map(([property, view]) => {
    const face = createFace(view, source)
    return [property, view.kind === 'documents' ? { ...face, open: open(view) } : face]
  })
  return Object.fromEntries(faces)
}

function askQuery(ask: CallsUnderWay['ask'], request: ViewRequest, freshness: AskHow): Promise<unknown> {
  return ask('query', { request, ...waitingOf(freshness) }, waitCall(freshness))
}

function waitingOf({ atLeast, deadlineMs = QUERY_DEADLINE_MS }: AskHow): Waiting {
  return atLeast === undefined ? { deadlineMs } : { atLeast, deadlineMs }
}

function waitCall({ signal, deadlineMs = QUERY_DEADLINE_MS }: AskHow): CallOptions {
  return { signal, silenceMs: deadlineMs + PATIENCE_MS }
}

function longCall({ signal, onProgress }: LongWork): CallOptions {
  const tell = onProgress && ((progress: Progress) => 'done' in progress && onProgress(progress))
  return { signal, onProgress: tell, silenceMs: WORK_SILENCE_MS }
}
