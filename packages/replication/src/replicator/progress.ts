/**
 * What a replicator remembers of one channel, in the log's notes: how far the commits went each way, how many events that
 * were, and the resume token. Losing it costs time, never data: the vectors decide what is sent. A note that cannot be
 * read counts as none.
 */
import type { Json } from '@headwater/log'
import type { ResumeToken, StreamId } from '../messages.ts'

/** How far replication came. */
export interface Progress {
  /** The offset in this log up to which the peer has everything. */
  readonly acknowledged: number
  /** Events that the peer acknowledged, and events that came from it, since the log was first connected. */
  readonly sent: number
  readonly received: number
  /** How far we have the peer's commits. */
  readonly resume: ResumeToken | undefined
}

/** Before anything. */
export const NO_PROGRESS: Progress = { acknowledged: 0, sent: 0, received: 0, resume: undefined }

/** As a note. */
export function progressToJson({ resume, ...counts }: Progress): Json {
  return resume ? { ...counts, resume: { ...resume, mark: [...resume.mark] } } : counts
}

/** From a note. */
export function parseProgress(note: unknown): Progress {
  if (!isRecord(note)) return NO_PROGRESS
  const { acknowledged, sent, received, resume } = note
  if (!isCount(acknowledged) || !isCount(sent) || !isCount(received)) return NO_PROGRESS
  return { acknowledged, sent, received, resume: parseResume(resume) }
}

function parseResume(value: unknown): ResumeToken | undefined {
  if (!isRecord(value)) return undefined
  const { stream, position, mark } = value
  if (typeof stream !== 'string' || !isCount(position) || !Array.isArray(mark) || !mark.every(isByte))
    return undefined
  return {
    stream: stream as StreamId,
    position: position as ResumeToken['position'],
    mark: Uint8Array.from(mark),
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isByte(value: unknown): value is number {
  return isCount(value) && value < 256
}
