/**
 * How a session ends: by what the peer did, by what failed here, or because one side wants it so. Whoever ends it says `bye`
 * with the code, if there is anyone to hear it; whether to connect again follows from the code alone.
 */
import {
  dataToError,
  type ErrorCode,
  errorToData,
  type HeadwaterError,
  isHeadwaterError,
} from '@headwater/log'
import { peerError } from '../codes.ts'
import { MAX_SENTENCE_BYTES } from '../limits.ts'
import type { Message } from '../messages.ts'
import type { End, Ended, Step } from './state.ts'

/** Codes after which only somebody's act helps: an update, a sign-in, a clock set right, another leader gone. */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'VERSION_UNSUPPORTED',
  'WORKSPACE_MISMATCH',
  'CLOCKS_DISAGREE',
  'SNAPSHOT_REQUIRED',
  'OMITTED',
  'VECTOR_TOO_LARGE',
  'SAME_LOG',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'REVOKED',
  'SUPERSEDED',
  'FORMAT_NEWER',
  'CLOSED',
])

/** Codes by which a side says that it resolved something and wants to compare anew. */
const RESOLVED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['FORK', 'STAMP_AHEAD'])

/** The end that an error means. */
export function endOf(error: HeadwaterError): End {
  if (RESOLVED.has(error.code)) return { error, again: 'now' }
  return { error, again: FINAL.has(error.code) ? 'never' : 'later' }
}

/** Ends a session and tells the peer. */
export function endWith(end: End): Step {
  const { code, message } = end.error
  const sentence = code === 'INTERNAL' ? 'Something failed here.' : cut(message)
  return [
    ended(end),
    [
      { type: 'send', message: { type: 'bye', code, sentence } },
      { type: 'end', end },
    ],
  ]
}

/** Ends a session without a word: the peer is gone, or said bye itself. */
export function endSilently(end: End): Step {
  return [ended(end), [{ type: 'end', end }]]
}

/** Ends it because the peer did what has no place here. */
export function refuse(code: ErrorCode, sentence: string): Step {
  return endWith(endOf(peerError(code, sentence)))
}

/** Ends it because the two sides do not stand as they did when they compared: the next session begins at once. */
export function compareAnew(): Step {
  return refuse('FORK', 'What was compared does not hold any more.')
}

/** A message that the phase does not take. */
export function unexpected(phase: string): (state: unknown, message: Message) => Step {
  return (_state, { type }) => refuse('MESSAGE_UNEXPECTED', `A "${type}" has no place while ${phase}.`)
}

/** The connection went away without a bye. */
export function gone(): Step {
  return endSilently(endOf(peerError('PEER_GONE', 'The connection was closed without a word.')))
}

/** The peer said bye. */
export function said({ code, sentence }: Extract<Message, { type: 'bye' }>): Step {
  const end = endOf(peerError(code, sentence || 'The peer ended the session.'))
  // Closed here is for good; a peer that was closed may be opened again.
  return endSilently(code === 'CLOSED' ? { ...end, again: 'later' } : end)
}

function ended(end: End): Ended {
  return { phase: 'ended', end }
}

/** A sentence that fits: cut by characters, each at most 3 bytes of UTF-8. */
function cut(sentence: string): string {
  const most = Math.floor(MAX_SENTENCE_BYTES / 3)
  return sentence.length <= most ? sentence : `${sentence.slice(0, most - 1)}…`
}

/** An error of ours as it is; what else is thrown becomes `INTERNAL`. */
export function toError(thrown: unknown): HeadwaterError {
  return isHeadwaterError(thrown) ? thrown : dataToError(errorToData(thrown))
}
