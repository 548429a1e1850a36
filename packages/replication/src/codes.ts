/**
 * Error codes on the wire: a code is its text. Those that this build knows come back as themselves; a code from a newer peer
 * becomes `PEER_REFUSED` and keeps its text as the fact `code`, so that nothing foreign is taken for one of ours.
 */
import { type ErrorCode, HeadwaterError } from '@headwater/log'
import type { Facts } from './messages.ts'

const FAULTY = 'One of the two sides is faulty; it is tried again.'
const KEPT = 'It is tried again; commits are kept in the log until then.'
const AGAIN = 'It is tried again.'

/** The codes that a peer may say, each with what to do about it. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  VERSION_UNSUPPORTED: 'One of the two is out of date: update it.',
  WORKSPACE_MISMATCH: 'Open the database of this workspace: one for each account.',
  CLOCKS_DISAGREE: 'Set the clock of the device that is wrong, then connect again.',
  SNAPSHOT_REQUIRED: 'Update this app: its peer has compacted its history.',
  OMITTED: 'Update this app: its peer withholds commits on purpose.',
  VECTOR_TOO_LARGE: 'Too many replicas wrote here: start a new workspace.',
  FRAME_INVALID: FAULTY,
  FRAME_TOO_LARGE: FAULTY,
  MESSAGE_UNEXPECTED: FAULTY,
  WINDOW_EXCEEDED: FAULTY,
  SAME_LOG: 'Connect to another log.',
  UNAUTHORIZED: 'Sign in again, for a token that holds.',
  FORBIDDEN: 'Ask for the right in the token, or keep the commits on this device.',
  REVOKED: 'The access was taken back: ask who runs the hub.',
  SUPERSEDED: 'Another tab goes on; a copy of this profile writes on under an id of its own.',
  RATE_LIMITED: 'It is tried again later.',
  HUB_UNREACHABLE: KEPT,
  PEER_SILENT: KEPT,
  PEER_GONE: KEPT,
  SHUTTING_DOWN: KEPT,
  COMMIT_DAMAGED: 'The sender is faulty, or its log is damaged.',
  COMMIT_TOO_LARGE: 'The hub takes smaller commits than this log does.',
  FORMAT_NEWER: 'A newer build wrote it: update this app.',
  SEQUENCE_GAP: 'A commit before it is missing; both sides compare anew.',
  FORK: 'A profile was copied or restored; its author writes on under another id.',
  STAMP_AHEAD: "Its author's clock is ahead; the author stamps it again.",
  READ_ONLY: 'The peer stores nothing now.',
  QUEUE_FULL: 'The peer is busy; it is tried again.',
  STORAGE_FULL: 'The peer has no room; it is tried again.',
  STORAGE_LOST: 'The peer has no storage now; it is tried again.',
  STORAGE_UNAVAILABLE: 'The peer has no storage now; it is tried again.',
  DEADLINE: AGAIN,
  ABORTED: AGAIN,
  CLOSED: 'The peer was closed.',
  INTERNAL: 'The peer has a bug: please report it.',
}

const CODE_PATTERN = /^[A-Z][A-Z_]{0,63}$/

/** The code that a peer's text stands for. */
export function textToCode(text: string): ErrorCode {
  return isKnown(text) ? text : 'PEER_REFUSED'
}

/** Whether text is spelled as a code. */
export function isCodeText(text: string): boolean {
  return CODE_PATTERN.test(text)
}

function isKnown(text: string): text is ErrorCode {
  return Object.hasOwn(HINTS, text)
}

/** What a peer said as an error of ours. */
export function peerError(code: ErrorCode, sentence: string, facts: Facts = {}): HeadwaterError {
  return new HeadwaterError(code, sentence, { hint: HINTS[code] ?? 'Ask who runs the other side.', facts })
}
