/**
 * `db.status`: what the engine says of itself and what the connection knows, in one object that stays the same until
 * something changed.
 */
import { assert, type ErrorData, errorToData, type HeadwaterError } from '@headwater/log'
import type { DatabaseStatus } from '../database.ts'
import type { EngineStatus } from '../protocol.ts'
import type { ConnectedPart } from './connection.ts'
import type { Supervision } from './supervision.ts'

/** The status, kept. Known from the first `connect` on. */
export interface StatusBoard extends ConnectedPart {
  readonly get: () => DatabaseStatus
  readonly subscribe: (listener: (status: DatabaseStatus) => void) => () => void
  readonly setEngine: (engine: EngineStatus) => void
  readonly setConnection: (connection: Supervision, error: HeadwaterError | undefined) => void
}

/** A board that shows nothing yet. */
export function createStatusBoard(): StatusBoard {
  const listeners = new Set<(status: DatabaseStatus) => void>()
  let connection: Pick<Supervision, 'phase' | 'restarts'> = { phase: 'open', restarts: 0 }
  let error: ErrorData | undefined
  let engine: EngineStatus | undefined
  let shown: DatabaseStatus | undefined

  const show = (): void => {
    if (!engine) return
    const { phase: state, restarts } = connection
    const { error: background, leads, views, ...log } = engine
    shown = Object.freeze({
      state,
      error: error ?? background,
      log,
      leads: leads && state === 'open',
      views,
      restarts,
    })
    for (const listener of listeners) listener(shown)
  }
  const setEngine = (status: EngineStatus): void => {
    engine = status
    show()
  }
  return {
    get: () => {
      assert(shown, 'a database is open before it shows its status')
      return shown
    },
    subscribe: (listener) => {
      const own = (status: DatabaseStatus): void => listener(status)
      listeners.add(own)
      return () => listeners.delete(own)
    },
    setEngine,
    setConnection: (state, cause) => {
      connection = state
      error = cause && errorToData(cause)
      show()
    },
    connect: ({ opened }) => setEngine(opened.status),
    disconnect: () => undefined,
    fail: () => undefined,
  }
}
