/**
 * The `EngineLink`: what the client holds of an engine, in process or in a worker. A link that has died answers nothing
 * more; `LinkEvents.died` says so, once, and what was asked is then the client's to ask again elsewhere (D4).
 */
import type { HeadwaterError } from '@headwater/log'
import type { DatabaseDefinition } from '../database.ts'
import type { AppendBatch, Args, CallId, Method, OpenArgs, Opened, Report, Result } from '../protocol.ts'

/** A way to an open engine. */
export interface EngineLink {
  readonly opened: Opened
  /** Rejects with the engine's `HeadwaterError`. Never settles once the link has died. */
  call<M extends Method>(id: CallId, method: M, args: Args<M>): Promise<Result<M>>
  /** Hands commits over; how each ended comes as a report. */
  readonly append: (batch: AppendBatch) => void
  readonly cancel: (id: CallId) => void
  /** Lets go of the engine: a worker is terminated. `died` is not called for it. */
  readonly release: () => void
}

/** What a link says by itself. */
export interface LinkEvents {
  readonly reports: (reports: readonly Report[]) => void
  /** The engine is gone. */
  readonly died: (error: HeadwaterError) => void
}

/** Makes a link, or rejects within `args.deadlineMs`. */
export type Connect = (
  definition: DatabaseDefinition,
  args: OpenArgs,
  events: LinkEvents,
) => Promise<EngineLink>
