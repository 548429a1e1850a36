/**
 * The page's part of the past, loaded with the first `db.at`: opens a moment in the engine and makes the typed faces of its
 * views. A worker that dies is no concern of it: the next one opens the moment anew when it is asked.
 */
import { HeadwaterError, isHeadwaterError } from '@headwater/log'
import type { ViewRequest } from '@headwater/views'
import type { CallsUnderWay } from '../client/calls.ts'
import { type AskHow, createFace, type QuerySource } from '../client/face.ts'
import type { DatabaseDefinition, LongWork } from '../database.ts'
import type { DatabaseAt } from '../database-at.ts'
import type { CallId, Moment, PastPlace, Progress } from '../protocol.ts'
import type { Timers } from '../seams.ts'
import { createConstantQueries } from './constant-queries.ts'

/** What the past takes of a client. */
export interface PastHost<Definition extends DatabaseDefinition> {
  readonly definition: Definition
  readonly ask: CallsUnderWay['ask']
  readonly nextId: () => CallId
  readonly scheduler: Timers
}

const QUERY_DEADLINE_MS = 10_000
/** The engine keeps deadlines; the page's own are for an engine that hangs, and come this much later. */
const PATIENCE_MS = 1_000
const WORK_SILENCE_MS = 60_000

/** Opens a moment. Errors: those of `Database.at`. */
export async function openPast<Definition extends DatabaseDefinition>(
  host: PastHost<Definition>,
  moment: number | Date,
  { onProgress, signal }: LongWork,
): Promise<DatabaseAt<Definition['views']>> {
  const { ask, definition } = host
  const id = host.nextId()
  const tell = onProgress && ((progress: Progress) => 'done' in progress && onProgress(progress))
  const close = (): Promise<void> => ask('closePast', { id }, { silenceMs: WORK_SILENCE_MS })
  try {
    const call = { signal, onProgress: tell, silenceMs: WORK_SILENCE_MS }
    const place = await ask('openPast', { id, moment: momentOf(moment) }, call)
    const { source, end } = createSource(host, id, place)
    let closing: Promise<void> | undefined
    return {
      ...place,
      views: facesOf(definition, source),
      close() {
        end()
        closing ??= close().catch(ignoreClosed)
        return closing
      },
    }
  } catch (error) {
    close().catch(() => undefined) // whoever gave up waiting may have opened it after all; a closed engine holds nothing
    throw error
  }
}

function momentOf(moment: number | Date): Moment {
  return moment instanceof Date ? { type: 'time', ms: moment.getTime() } : { type: 'offset', offset: moment }
}

/** What is closed with its database needs no closing. */
function ignoreClosed(error: unknown): void {
  if (!isHeadwaterError(error, 'CLOSED')) throw error
}

interface PastSource {
  readonly source: QuerySource
  /** Ends what waits, and everything that comes, with `CLOSED`. */
  readonly end: () => void
}

function createSource(
  { ask, scheduler }: PastHost<DatabaseDefinition>,
  id: CallId,
  place: PastPlace,
): PastSource {
  const { offset } = place
  const ending = new AbortController()
  const askPast = async (request: ViewRequest, how: AskHow): Promise<unknown> => {
    const { atLeast, deadlineMs = QUERY_DEADLINE_MS, signal: own } = how
    const signal = own ? AbortSignal.any([own, ending.signal]) : ending.signal
    try {
      if (ending.signal.aborted) throw closed(place)
      const waiting = atLeast === undefined ? { deadlineMs } : { atLeast, deadlineMs }
      const silenceMs = deadlineMs + PATIENCE_MS
      return await ask('queryPast', { id, offset, request, ...waiting }, { signal, silenceMs })
    } catch (error) {
      throw ending.signal.aborted && !own?.aborted ? closed(place) : error
    }
  }
  const constant = createConstantQueries(askPast, scheduler)
  const { subscribe, state } = constant
  return {
    source: { scope: `@${id}`, ask: askPast, subscribe, state },
    end() {
      ending.abort()
      constant.end(closed(place))
    },
  }
}

/** The typed faces of tables and aggregates, by property. */
function facesOf<Definition extends DatabaseDefinition>(
  { views }: Definition,
  source: QuerySource,
): DatabaseAt<Definition['views']>['views'] {
  const faces = Object.entries(views).flatMap(([property, view]) =>
    view.kind === 'table' || view.kind === 'aggregate' ? [[property, createFace(view, source)]] : [],
  )
  return Object.fromEntries(faces)
}

function closed({ offset }: PastPlace): HeadwaterError {
  return new HeadwaterError('CLOSED', `The database as of offset ${offset} has been closed.`, {
    hint: 'Open the moment again with `db.at`.',
  })
}
