/**
 * From drafts to the bytes of a commit's events section, in two steps: check, validate and write as JSON where `append` is
 * called (on the page), so that a bad event is refused there, with its path, before anything is stored; encode where the log
 * is (`encode-drafts.ts`), which then only stamps bytes.
 *
 * What the schema returns is what is stored, and it must pass the schema again unchanged: only so can an event be
 * exported, imported and validated on another replica without turning into something else.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type CheckedDrafts, type EventBody, encodeDrafts, type PackedDrafts } from './encode-drafts.ts'
import { HeadwaterError } from './error.ts'
import { asyncSchema, type Draft, type EventType } from './event.ts'
import { BODY_END_BYTES, INDEX_ENTRY_BYTES, TYPE_FIXED_BYTES } from './events-section.ts'
import { type CommitId, drawId } from './identity.ts'
import { checkJson, type JsonPath, pathToText, sameJson } from './json.ts'
import type { EventRegistry } from './registry.ts'
import type { Random } from './seams.ts'

/** The most events in a commit. */
export const MAX_COMMIT_EVENTS = 4_096
/** The longest body of an event, in bytes. */
export const MAX_EVENT_BYTES = 262_144
/** The longest commit, in bytes, header included. */
export const MAX_COMMIT_BYTES = 1_048_576
/** What of a commit's bytes is kept free for its header. */
export const MAX_HEADER_BYTES = 1_024

/**
 * Checks the drafts of one commit. Errors, with the path of the fault where there is one, its first step being the draft's
 * place in the commit: `COMMIT_EMPTY`, `COMMIT_TOO_LARGE`, `EVENT_UNKNOWN`, `EVENT_NOT_JSON`, `EVENT_INVALID`,
 * `EVENT_TOO_LARGE`, `SCHEMA_UNSTABLE`, `SCHEMA_ASYNC`.
 */
export function checkDrafts(
  drafts: readonly Draft[],
  registry: EventRegistry,
  random: Random,
  commitId: CommitId = drawId<CommitId>(random),
): CheckedDrafts {
  const checked = checkEach(drafts, registry, commitId)
  const units = checked.bodies.reduce((sum, { length }) => sum + length, 0)
  // A UTF-16 unit is at most three bytes of UTF-8, so that small commits need no counting.
  if (units * 3 + drafts.length * MOST_TABLE_BYTES > MAX_COMMIT_BYTES - MAX_HEADER_BYTES)
    refuseBytes(countBytes(checked))
  return checked
}

/** Bytes of table and index that an event takes at most: a type of its own and an entry. */
const MOST_TABLE_BYTES = 512

function checkEach(drafts: readonly Draft[], registry: EventRegistry, commitId: CommitId): CheckedDrafts {
  refuseCount(drafts.length)
  const types: EventType[] = []
  const bodies: EventBody[] = []
  for (let i = 0; i < drafts.length; i++) {
    const event = eventOf(drafts[i]!, i, registry)
    types.push(event)
    bodies.push(event.raw ? bytesOf(drafts[i]!.data, event, i) : textOf(drafts[i]!.data, event, i))
  }
  return { commitId, types, bodies }
}

/** What `encodeDrafts` would write. A page only counts: it does not carry the code that encodes. */
function countBytes({ types, bodies }: CheckedDrafts): number {
  let bytes = 2
  for (const { type } of new Set(types)) bytes += TYPE_FIXED_BYTES + countUtf8(type)
  for (const body of bodies)
    bytes += INDEX_ENTRY_BYTES + (typeof body === 'string' ? countUtf8(body) : body.length) + BODY_END_BYTES
  return bytes
}

function countUtf8(text: string): number {
  return new TextEncoder().encode(text).length
}

/** Checks and encodes the drafts of one commit. Errors: those of `checkDrafts`. */
export function packDrafts(
  drafts: readonly Draft[],
  registry: EventRegistry,
  random: Random,
  commitId: CommitId = drawId<CommitId>(random),
): PackedDrafts {
  const packed = encodeDrafts(checkEach(drafts, registry, commitId))
  refuseBytes(packed.head.length + packed.bodies.length)
  return packed
}

function eventOf(draft: Draft, index: number, registry: EventRegistry): EventType {
  const event = registry.get(draft.type)
  if (!event) {
    const message = `Event ${index} of the commit has the type "${draft.type}", which the database does not define.`
    const hint = 'List the event type in defineDatabase({ events }).'
    throw new HeadwaterError('EVENT_UNKNOWN', message, {
      hint,
      path: [index],
      facts: { type: String(draft.type) },
    })
  }
  if (draft.version === event.version) return event
  const message = `Event ${index} of the commit is "${draft.type}" ${draft.version}; this build writes ${event.version}.`
  const hint = 'Make drafts with the event type that the database was defined with.'
  throw new HeadwaterError('EVENT_INVALID', message, { hint, path: [index], facts: { type: draft.type } })
}

/** The body of an event of raw bytes: as it is, once its type has found it right, its length included. */
function bytesOf(data: unknown, event: EventType, index: number): Uint8Array {
  const bytes = validated(data, event, index)
  return bytes as Uint8Array // whatever else it is, its type lets nothing but bytes pass
}

function textOf(data: unknown, event: EventType, index: number): string {
  refuseNonJson(data, event, index)
  const output = validated(data, event, index)
  const text = JSON.stringify(sameJson(data, output) ? data : restated(output, event, index))
  // A UTF-16 unit is at most three bytes of UTF-8, so that short texts need no counting.
  if (text.length * 3 > MAX_EVENT_BYTES) refuseLength(text, event, index)
  return text
}

/** What a transforming schema returned, once it is JSON and has passed the schema again unchanged. */
function restated(output: unknown, event: EventType, index: number): unknown {
  refuseNonJson(output, event, index)
  const result = event.schema['~standard'].validate(output)
  if (!(result instanceof Promise) && !result.issues && sameJson(result.value, output)) return output
  const message = `What the schema of "${event.type}" returns does not pass it again unchanged (event ${index}).`
  throw new HeadwaterError('SCHEMA_UNSTABLE', message, {
    hint: 'Make the transformation accept and keep its own result.',
    path: [index],
    facts: { type: event.type },
  })
}

function validated(data: unknown, event: EventType, index: number): unknown {
  const result = event.schema['~standard'].validate(data)
  if (result instanceof Promise) {
    result.catch(() => undefined) // the answer is refused whatever it would have been
    throw asyncSchema(event.type)
  }
  if (!result.issues) return result.value
  throw invalid(result.issues[0], event, index)
}

function invalid(issue: StandardSchemaV1.Issue | undefined, event: EventType, index: number): HeadwaterError {
  const path = (issue?.path ?? []).map(stepOf)
  const what = issue?.message ?? 'the schema names no reason'
  return new HeadwaterError(
    'EVENT_INVALID',
    `Event ${index}, "${event.type}", at ${pathToText(path)}: ${what}`,
    {
      hint: 'Nothing of this commit was stored; correct the data or the schema.',
      path: [index, ...path],
      facts: { type: event.type },
    },
  )
}

function stepOf(step: PropertyKey | StandardSchemaV1.PathSegment): string | number {
  const key = typeof step === 'object' ? step.key : step
  return typeof key === 'number' ? key : String(key)
}

function refuseNonJson(data: unknown, event: EventType, index: number): void {
  const fault = checkJson(data)
  if (!fault) return
  const path: JsonPath = [index, ...fault.path]
  const message = `Event ${index}, "${event.type}", holds ${fault.found} at ${pathToText(fault.path)}.`
  const hint =
    'Event data are JSON: leave undefined members out, write dates as text and binary data as base64.'
  throw new HeadwaterError('EVENT_NOT_JSON', message, {
    hint,
    path,
    facts: { type: event.type, found: fault.found },
  })
}

function refuseLength(text: string, event: EventType, index: number): void {
  const length = countUtf8(text)
  if (length <= MAX_EVENT_BYTES) return
  const message = `Event ${index}, "${event.type}", takes ${length} bytes; at most ${MAX_EVENT_BYTES} are stored.`
  const hint = 'Keep large content elsewhere and store where it is, or cut it into several events.'
  throw new HeadwaterError('EVENT_TOO_LARGE', message, { hint, path: [index], facts: { bytes: length } })
}

function refuseCount(count: number): void {
  if (count === 0) {
    throw new HeadwaterError('COMMIT_EMPTY', 'A commit has no event.', { hint: 'Append one draft at least.' })
  }
  if (count > MAX_COMMIT_EVENTS)
    throw tooLarge(`${count} events; at most ${MAX_COMMIT_EVENTS} are stored together`)
}

function refuseBytes(bytes: number): void {
  if (bytes > MAX_COMMIT_BYTES - MAX_HEADER_BYTES) {
    throw tooLarge(`${bytes} bytes; at most ${MAX_COMMIT_BYTES - MAX_HEADER_BYTES} are stored together`)
  }
}

function tooLarge(what: string): HeadwaterError {
  return new HeadwaterError('COMMIT_TOO_LARGE', `A commit has ${what}.`, {
    hint: 'Append the rest in further commits.',
  })
}

/** Whether drafts have been packed already. */
export function isPacked(drafts: readonly Draft[] | PackedDrafts): drafts is PackedDrafts {
  return !Array.isArray(drafts)
}
