/**
 * `db.status`: what the engine says of itself and what the connection knows, in one object that stays the same until
 * something changed.
 */
import { type ErrorData, errorToData, type HeadwaterError } from '@headwater/log'
import type { DatabaseStatus } from '../database.ts'
import type { EngineStatus } from '../protocol.ts'
import type { Supervision } from './supervision.ts'

/** The status, kept. */
export interface StatusBoard {
  get(): DatabaseStatus
  subscribe(listener: (status: DatabaseStatus) => void): () => void
  setEngine(engine: EngineStatus): void
  setConnection(connection: Supervision, error: HeadwaterError | undefined): void
}

/** A board that first shows `engine`. */
export function createStatusBoard(engine: EngineStatus): StatusBoard {
  const listeners = new Set<(status: DatabaseStatus) => void>()
  let state: DatabaseStatus['state'] = 'open'
  let restarts = 0
  let error: ErrorData | undefined
  let known = engine
  let shown = build()

  function build(): DatabaseStatus {
    const { head, replica, records, bytes, readOnly, leads, views } = known
    const log = { head, replica, records, bytes, readOnly }
    return Object.freeze({
      state,
      error: error ?? known.error,
      log,
      leads: leads && state === 'open',
      views,
      restarts,
    })
  }
  const show = (): void => {
    shown = build()
    for (const listener of [...listeners]) listener(shown)
  }
  return {
    get: () => shown,
    subscribe: (listener) => {
      const own = (status: DatabaseStatus): void => listener(status)
      listeners.add(own)
      return () => listeners.delete(own)
    },
    setEngine: (engineStatus) => {
      known = engineStatus
      show()
    },
    setConnection: (connection, cause) => {
      state = connection.phase
      restarts = connection.restarts
      error = cause && errorToData(cause)
      show()
    },
  }
}
