/**
 * The parts of a client over one connection: calls, appends, live queries and the status, with the reports of the engine
 * routed to each.
 */
import { HeadwaterError } from '@headwater/log'
import type { DatabaseDefinition } from '../database.ts'
import { createDraftRegistry } from '../draft-registry.ts'
import type { Connect } from '../link/engine-link.ts'
import type { OpenArgs, Report } from '../protocol.ts'
import type { Powers } from '../seams.ts'
import type { SyncPart, SyncSpec } from '../sync-spec.ts'
import { type Appends, createAppends } from './appends.ts'
import { type CallsUnderWay, createCalls } from './calls.ts'
import { type Connection, openConnection } from './connection.ts'
import { createLiveStates, type LiveStates } from './live.ts'
import { createStatusBoard, type StatusBoard } from './status.ts'

/** The parts. */
export interface Parts {
  readonly connection: Connection
  readonly calls: CallsUnderWay
  readonly appends: Appends
  readonly live: LiveStates
  readonly status: StatusBoard
  readonly sync: SyncPart | undefined
}

/** What they are made of. */
export interface PartsOptions {
  readonly definition: DatabaseDefinition
  readonly args: OpenArgs
  readonly connect: Connect
  readonly powers: Powers
  readonly sync: SyncSpec | undefined
  /** The engine has ended by itself. */
  readonly onGone: (error: HeadwaterError) => void
}

/** Opens the connection and its parts. Errors: those of `Connect`. */
export async function openParts(options: PartsOptions): Promise<Parts> {
  const { definition, powers, onGone } = options
  const { scheduler } = powers
  const calls = createCalls(scheduler)
  const events = createDraftRegistry(definition.events)
  const appends = createAppends({ ...powers, events, nextId: calls.nextId })
  const live = createLiveStates(scheduler, calls.nextId)
  const status = createStatusBoard()
  const sync = options.sync?.attach(calls.ask)
  const onReport = (report: Exclude<Report, { readonly type: 'folding' }>): void => {
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
        status.setEngine(report.status)
        break
      case 'gone':
        onGone(destroyedElsewhere(definition.name))
        break
      default:
        sync?.heard(report)
    }
  }
  const parts = [status, calls, appends, live, ...(sync ? [sync] : [])]
  const onChange = status.setConnection
  const connection = await openConnection({ ...options, scheduler, parts, onReport, onChange })
  return { connection, calls, appends, live, status, sync }
}

function destroyedElsewhere(name: string): HeadwaterError {
  return new HeadwaterError('CLOSED', `The database "${name}" was destroyed by another tab.`, {
    hint: 'Open it again first.',
  })
}
