/**
 * The client's hold on an engine: opens it, passes its reports to the parts, and when it dies opens another one through
 * which everything that waits is asked again. The rules of that are in `supervision.ts`; here they are acted on.
 */

import { HeadwaterError } from '@headwater/log'
import type { DatabaseDefinition } from '../database.ts'
import type { Connect, EngineLink, LinkEvents } from '../link/engine-link.ts'
import type { OpenArgs, Opened, Report } from '../protocol.ts'
import type { Timers } from '../seams.ts'
import { SUPERVISION_START, type Supervision, type SupervisionInput, supervise } from './supervision.ts'

/** A part of the client that speaks to the engine. */
export interface ConnectedPart {
  connect(link: EngineLink): void
  disconnect(): void
  fail(error: HeadwaterError): void
}

/** What it is given. */
export interface ConnectionOptions {
  readonly definition: DatabaseDefinition
  readonly args: OpenArgs
  readonly connect: Connect
  readonly scheduler: Timers
  readonly parts: readonly ConnectedPart[]
  readonly onReport: (report: Report) => void
  readonly onChange: (state: Supervision, error: HeadwaterError | undefined) => void
}

/** A connection that has been opened. */
export interface Connection {
  readonly opened: Opened
  /** Whether an engine is there now. */
  readonly isOpen: () => boolean
  /** Ends everything that waits with `error`; idempotent. */
  end(error: HeadwaterError): void
}

/** Opens an engine. Errors: those of `Connect`. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { definition, args, parts, scheduler, onChange, onReport } = options
  let state: Supervision = SUPERVISION_START
  let link: EngineLink | undefined
  let generation = 0

  const step = (input: SupervisionInput, error: HeadwaterError | undefined): void => {
    const before = state
    state = supervise(state, input)
    if (state !== before) onChange(state, error)
  }
  const connect = async (): Promise<EngineLink> => {
    const mine = ++generation
    const events: LinkEvents = {
      reports: (reports) => {
        if (mine === generation) for (const report of reports) onReport(report)
      },
      died: (error) => {
        if (mine === generation) lose(error)
      },
    }
    const made = await options.connect(definition, args, events)
    if (state.phase === 'failed' || state.phase === 'closed') made.release()
    else link = made
    return made
  }
  const attach = (to: EngineLink): void => {
    for (const part of parts) part.connect(to)
  }
  const lose = (error: HeadwaterError): void => {
    link = undefined
    for (const part of parts) part.disconnect()
    step({ type: 'died', nowMs: scheduler.elapsedMs() }, error)
    if (state.phase === 'restarting') void restart(error)
    else fail(error)
  }
  const restart = async (died: HeadwaterError): Promise<void> => {
    try {
      const made = await connect()
      step({ type: 'connected' }, undefined)
      if (state.phase === 'open') attach(made)
    } catch (cause) {
      const error = diedForGood(died, cause)
      step({ type: 'refused' }, error)
      fail(error)
    }
  }
  const fail = (error: HeadwaterError): void => {
    link?.release()
    link = undefined
    generation++
    for (const part of parts) part.fail(error)
  }
  const first = await connect()
  attach(first)
  return {
    opened: first.opened,
    isOpen: () => link !== undefined,
    end: (error) => {
      step({ type: 'closed' }, undefined)
      fail(error)
    },
  }
}

function diedForGood(died: HeadwaterError, cause: unknown): HeadwaterError {
  return new HeadwaterError('WORKER_DIED', `${died.message} It could not be started again.`, {
    hint: 'Reload the page; what had been stored is there.',
    cause,
  })
}
