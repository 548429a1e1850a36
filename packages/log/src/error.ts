/**
 * Operating errors and refused foreign data: one class, a stable `code`, a sentence that says what happened to what,
 * a `hint` that says what to do, and the `cause`. Bugs are assertions (`assert.ts`), not these.
 *
 * The class crosses the worker boundary as `ErrorData`; `errorToData` and `dataToError` are exact inverses but for
 * causes that are no errors, which travel as text.
 */
import type { JsonPath } from './json.ts'

/** Every code, with the situation that it names. Codes are stable: apps may branch on them. */
export type ErrorCode =
  // definitions
  | 'DEFINITION_INVALID' // two views of one name, an index on nothing, an unknown parent …
  | 'SCHEMA_ASYNC' // a schema validates asynchronously
  | 'UPCAST_GAP' // a version without an upcaster
  // what is handed to append
  | 'EVENT_INVALID' // fails its schema
  | 'EVENT_UNKNOWN' // type not in the definition
  | 'EVENT_NOT_JSON' // data that JSON cannot carry
  | 'EVENT_TOO_LARGE' // over 256 KiB
  | 'COMMIT_TOO_LARGE' // over 4,096 events or 1 MiB
  | 'COMMIT_EMPTY' // no event
  | 'SCHEMA_UNSTABLE' // what a transforming schema returns does not pass it again unchanged
  // the log
  | 'EVENT_NEWER' // a stored event of a newer version than this build knows
  | 'UPCAST_FAILED' // an upcaster threw, or returned what JSON cannot carry
  | 'FORMAT_NEWER' // a stored record or database of a newer format
  | 'RECORD_DAMAGED' // a stored record fails its checksum or its grammar
  | 'COMMIT_DAMAGED' // a foreign commit fails its grammar
  | 'SEQUENCE_GAP' // a foreign commit that leaves out events of its replica
  | 'FORK' // the same (replica, sequence) with other content
  | 'STAMP_AHEAD' // a foreign timestamp too far ahead
  | 'QUEUE_FULL' // more appends wait to be written than the log holds for one handle
  | 'READ_ONLY' // the log takes no appends: disk full, or its newest record is damaged
  // storage
  | 'STORAGE_UNAVAILABLE' // cannot be opened here
  | 'STORAGE_BLOCKED' // another tab holds an older version open
  | 'STORAGE_FULL' // quota exceeded
  | 'STORAGE_LOST' // the connection broke and could not be opened again
  // views and queries
  | 'VIEW_UNKNOWN'
  | 'VIEW_PARKED' // stopped at an event that its fold cannot take
  | 'VIEW_REBUILDING' // not whole yet, and the deadline came
  | 'FOLD_FAILED' // a fold, key, index, group or measure function threw
  | 'FOLD_NOT_JSON' // a fold returned what JSON cannot carry
  | 'QUERY_INVALID' // arguments that no answer fits
  | 'BEHIND_RECEIPT' // not up to `atLeast` at the deadline
  // replication; on the wire a code is its text
  | 'VERSION_UNSUPPORTED' // no protocol version in common
  | 'WORKSPACE_MISMATCH' // the log belongs to another workspace
  | 'CLOCKS_DISAGREE' // two peers whose clocks differ by over 24 hours
  | 'SNAPSHOT_REQUIRED' // the peer's history begins at a base that is not known here
  | 'OMITTED' // the peer left out a range of commits, which this version refuses
  | 'VECTOR_TOO_LARGE' // a version vector of over 10,000 replicas
  | 'FRAME_INVALID' // a frame that breaks the grammar of messages
  | 'FRAME_TOO_LARGE' // a frame over the limit of 1.5 MiB, or over the receiver's own
  | 'MESSAGE_UNEXPECTED' // a message that has no place where the session stands
  | 'WINDOW_EXCEEDED' // more bytes than the receiver granted
  | 'SAME_LOG' // the peer is this very log
  | 'UNAUTHORIZED' // no token, or one that does not hold
  | 'FORBIDDEN' // the token lacks the right, or the replica is another's
  | 'REVOKED' // the subject's access was taken back
  | 'SUPERSEDED' // a newer session or leader of this replica took over
  | 'RATE_LIMITED' // more connections or bytes than are allowed
  | 'HUB_UNREACHABLE' // the connection could not be opened
  | 'PEER_SILENT' // nothing was heard for too long
  | 'PEER_GONE' // the connection was closed without a reason
  | 'PEER_REFUSED' // a refusal by a code that this build does not know: the fact `code` holds it
  | 'SHUTTING_DOWN' // the peer is being stopped
  // the hub
  | 'STORE_UNSAFE' // the store would lose acknowledged commits with the machine
  | 'STORE_IN_USE' // another hub holds the data directory
  | 'CONFIG_INVALID' // an option or argument of the hub that cannot be
  // the database
  | 'TOO_MANY_OPEN' // more moments of the past than a tab holds
  | 'UNSENT' // the hub lacks commits of this device, which are not to be deleted unasked
  | 'SYNC_OFF' // the database does not sync with a hub
  | 'PRESENCE_INVALID' // a presence state that is no JSON, or too large
  | 'IMPORT_LINE' // a line of an import that is not JSON or not a known event
  | 'WORKER_UNAVAILABLE' // did not load, or did not answer the hand-shake
  | 'WORKER_DIED'
  | 'PART_UNAVAILABLE' // code that is loaded when it is needed did not load
  | 'DEADLINE' // a wait came to its end
  | 'ABORTED' // by the caller's signal
  | 'CLOSED' // called after close
  | 'INTERNAL' // a bug, carried across the worker

/** What an error says beside its code and message. */
export interface ErrorDetails {
  /** What to do about it, one sentence. */
  readonly hint: string
  /** What caused it. */
  readonly cause?: unknown
  /** Where in the data the fault lies, when it lies in data: `['comments', 3, 'at']`. */
  readonly path?: JsonPath
  /** Facts to branch on: offsets, line numbers, names, progress. Plain JSON. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>
}

/** Every operating error of Headwater. */
export class HeadwaterError extends Error {
  override readonly name = 'HeadwaterError'
  readonly code: ErrorCode
  readonly hint: string
  readonly path: JsonPath | undefined
  readonly facts: Readonly<Record<string, string | number | boolean | null>>

  constructor(code: ErrorCode, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.hint = details.hint
    this.path = details.path
    this.facts = details.facts ?? {}
  }
}

/** Whether `error` is a `HeadwaterError`, of this code when one is given. */
export function isHeadwaterError(error: unknown, code?: ErrorCode): error is HeadwaterError {
  return error instanceof HeadwaterError && (code === undefined || error.code === code)
}

/** An error as plain data, for `postMessage` and `status`. */
export interface ErrorData {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly path?: JsonPath
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
  readonly stack?: string
  readonly cause?: ErrorData | string
}

const CAUSES_DEEP = 5

/** Any thrown value as plain data; what is no `HeadwaterError` becomes `INTERNAL`. */
export function errorToData(error: unknown, deep: number = CAUSES_DEEP): ErrorData {
  const known = error instanceof HeadwaterError
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : undefined
  return {
    code: known ? error.code : 'INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    hint: known ? error.hint : 'This is a bug: please report it with the message and the stack.',
    ...(known && error.path ? { path: error.path } : {}),
    facts: known ? error.facts : {},
    ...(error instanceof Error && error.stack ? { stack: error.stack } : {}),
    ...(cause === undefined
      ? {}
      : { cause: cause instanceof Error && deep > 0 ? errorToData(cause, deep - 1) : causeToText(cause) }),
  }
}

function causeToText(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || cause instanceof Error) return String(cause)
  return JSON.stringify(cause) ?? 'an object'
}

/** The error that `errorToData` took apart. */
export function dataToError(data: ErrorData): HeadwaterError {
  const cause = typeof data.cause === 'object' ? dataToError(data.cause) : data.cause
  const error = new HeadwaterError(data.code, data.message, {
    hint: data.hint,
    facts: data.facts,
    ...(data.path ? { path: data.path } : {}),
    ...(cause === undefined ? {} : { cause }),
  })
  if (data.stack) error.stack = data.stack
  return error
}
