/**
 * Lines of other programs: `{ type, data, time? }`, where `time` is milliseconds since 1970 or a date and time with its zone as ISO 8601 has them.
 * A line becomes packed bytes of one event, or a named fault with its line number; nothing is guessed.
 */
import {
  type CommitId,
  type Draft,
  type EventRegistry,
  errorToData,
  HeadwaterError,
  isTooFarAhead,
  msToTimestamp,
  packDrafts,
  type Random,
} from '@headwater/log'
import type { Line } from './lines.ts'

/** A line that can be stored. */
export interface ForeignEvent {
  readonly draft: Draft
  readonly timeMs: number | undefined
  /** What it takes when it is packed. */
  readonly byteLength: number
}

/** What lines are checked against. */
export interface LineRules {
  readonly events: EventRegistry
  readonly random: Random
  /** Wall time when the import began: later stamps may be at most a day ahead of it. */
  readonly nowMs: number
}

/** Parses a line's JSON. Errors: `IMPORT_LINE`. */
export function parseLine(line: Line): unknown {
  if (line.fault !== undefined) throw lineFault(line, line.fault)
  try {
    return JSON.parse(line.text)
  } catch (cause) {
    throw lineFault(line, 'it is not JSON', cause)
  }
}

/** Checks a parsed line. Errors: `IMPORT_LINE`, caused by what `packDrafts` refused. */
export function parseForeign(line: Line, parsed: unknown, rules: LineRules): ForeignEvent {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw lineFault(line, 'it is no object')
  }
  const { type, data, time } = parsed as {
    readonly type?: unknown
    readonly data?: unknown
    readonly time?: unknown
  }
  const event = typeof type === 'string' ? rules.events.get(type) : undefined
  if (event === undefined)
    throw lineFault(line, `${JSON.stringify(type) ?? 'nothing'} is no known type of event`)
  const draft = { type: event.type, version: event.version, data }
  return { draft, timeMs: parseTime(line, time, rules.nowMs), byteLength: packedLength(line, draft, rules) }
}

/** Only the length is wanted: drawing an id for each line would take longer than packing it. */
const ANY_ID = '----------------' as CommitId

function packedLength(line: Line, draft: Draft, { events, random }: LineRules): number {
  try {
    const { head, bodies } = packDrafts([draft], events, random, ANY_ID)
    return head.length + bodies.length
  } catch (cause) {
    throw lineFault(line, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

/** A date, or a date and time that says its zone: a time without one would depend on where the file is read. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/

function parseTime(line: Line, time: unknown, nowMs: number): number | undefined {
  if (time === undefined || time === null) return undefined
  const ms = typeof time === 'string' && ISO_TIME.test(time) ? Date.parse(time) : time
  if (typeof ms !== 'number' || !(ms >= 0 && ms <= MAX_TIME_MS)) {
    throw lineFault(line, `${JSON.stringify(time)} is no time`)
  }
  const whole = Math.floor(ms)
  if (!isTooFarAhead(msToTimestamp(whole), nowMs)) return whole
  throw lineFault(line, `its time ${JSON.stringify(time)} is over a day ahead of this clock`)
}

/** The last millisecond whose timestamps are safe integers with room to spare. */
const MAX_TIME_MS = Math.floor(Number.MAX_SAFE_INTEGER / 1_024) - 86_400_000

/** A line that cannot be taken. */
export function lineFault(line: Pick<Line, 'number'>, why: string, cause?: unknown): HeadwaterError {
  const known = cause instanceof HeadwaterError ? cause : undefined
  return new HeadwaterError('IMPORT_LINE', `Line ${line.number} cannot be imported: ${why}`, {
    hint: 'Lines are {"type", "data", "time"?} or those of an own export; correct it, or skip faulty lines.',
    facts: { line: line.number, ...(known ? { reason: known.code } : {}) },
    ...(known?.path ? { path: known.path.slice(1) } : {}),
    ...(cause === undefined ? {} : { cause: known ?? errorToData(cause).message }),
  })
}
