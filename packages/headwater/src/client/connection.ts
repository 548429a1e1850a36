/**
 * The client's hold on an engine: opens it, passes its reports to the parts, and when it dies opens another one through
 * which everything that waits is asked again. The rules of that are in `supervision.ts`; here they are acted on.
 */
import { HeadwaterError } from '@headwater/log'
import type { DatabaseDefinition } from '../database.ts'
import type { Connect, EngineLink } from '../link/engine-link.ts'
import type { FoldNote, OpenArgs, Opened, Report } from '../protocol.ts'
import type { Timers } from '../seams.ts'
import { SUPERVISION_START, type Supervision, type SupervisionInput, supervise } from './supervision.ts'

/** A part of the client that speaks to the engine. */
export interface ConnectedPart {
  /** From now on this engine answers: what waits is asked again. */
  readonly connect: (link: EngineLink) => void
  /** The engine is gone; another may come. */
  readonly disconnect: () => void
  /** None will come any more: what waits, and whatever comes, is rejected. */
  readonly fail: (error: HeadwaterError) => void
}

/** What it is given. */
export interface ConnectionOptions {
  readonly definition: DatabaseDefinition
  readonly args: OpenArgs
  readonly connect: Connect
  readonly scheduler: Timers
  readonly parts: readonly ConnectedPart[]
  readonly onReport: (report: Exclude<Report, { readonly type: 'folding' }>) => void
  readonly onChange: (state: Supervision, error: HeadwaterError | undefined) => void
}

/** A connection that has been opened. */
export interface Connection {
  readonly opened: Opened
  /** Whether an engine is there now. */
  readonly isOpen: () => boolean
  /** Ends everything that waits with `error`; idempotent. */
  readonly end: (error: HeadwaterError) => void
}

/** Opens an engine. Errors: those of `Connect`. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { parts, scheduler } = options
  let state: Supervision = SUPERVISION_START
  let link: EngineLink | undefined
  const deaths = createDeaths(options)

  const step = (input: SupervisionInput, error?: HeadwaterError): void => {
    const before = state
    state = supervise(state, input)
    if (state !== before) options.onChange(state, error)
  }
  const fail = (error: HeadwaterError): void => {
    link?.release()
    link = undefined
    for (const part of parts) part.fail(error)
  }
  const lose = (error: HeadwaterError): void => {
    link = undefined
    for (const part of parts) part.disconnect()
    step({ type: 'died', nowMs: scheduler.elapsedMs(), isNews: deaths.noteDeath() }, error)
    if (state.phase === 'restarting') void restart(error)
    else fail(error)
  }
  const attach = (to: EngineLink): void => {
    // Who closed meanwhile has had all its answers.
    if (state.phase !== 'open') {
      to.release()
      return
    }
    link = to
    for (const part of parts) part.connect(to)
  }
  const restart = async (died: HeadwaterError): Promise<void> => {
    try {
      const made = await deaths.connect(lose)
      step({ type: 'connected' })
      attach(made)
    } catch (cause) {
      const error = new HeadwaterError('WORKER_DIED', died.message, { hint: 'Reload the page.', cause })
      step({ type: 'refused' }, error)
      fail(error)
    }
  }
  const first = await deaths.connect(lose)
  attach(first)
  return {
    opened: first.opened,
    isOpen: () => link !== undefined,
    end: (error) => {
      step({ type: 'closed' })
      fail(error)
    },
  }
}

interface Deaths {
  /** Connects, telling the engine what the earlier ones died in; once more where it dies in something new while it opens. */
  readonly connect: (died: (error: HeadwaterError) => void) => Promise<EngineLink>
  /** Whether what the engine was folding when it died was not known to be dangerous. */
  readonly noteDeath: () => boolean
}

function createDeaths({ connect, definition, args, onReport }: ConnectionOptions): Deaths {
  /** By their text. */
  const notes = new Map<string, FoldNote>()
  let folding: FoldNote | undefined
  const take = (report: Report): void => {
    if (report.type === 'folding') folding = report.note
    else onReport(report)
  }
  const noteDeath = (): boolean => {
    const before = notes.size
    if (folding) notes.set(JSON.stringify(folding), folding)
    folding = undefined
    return notes.size > before
  }
  // A link says that it died at most once, and nothing after it was released.
  const connectNow = (died: (error: HeadwaterError) => void): Promise<EngineLink> => {
    const events = { reports: (all: readonly Report[]): void => all.forEach(take), died }
    return connect(definition, { ...args, died: [...notes.values()] }, events).catch((error: unknown) => {
      if (noteDeath()) return connectNow(died)
      throw error
    })
  }
  return { noteDeath, connect: connectNow }
}
