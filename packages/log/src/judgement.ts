/**
 * This build's judgement of a commit, whole: one with a type that it does not know is skipped, one with a payload that fails
 * its schema or upcaster is quarantined. Both stay stored, count in the vector and are forwarded; another build may take
 * them. What this log itself wrote was checked when it was appended, and is not checked again. The same commits come out
 * of it on every replica of one build.
 */
import { readU16 } from './bytes.ts'
import { HeadwaterError } from './error.ts'
import type { EventType, StoredEvent } from './event.ts'
import { INDEX_ENTRY_BYTES } from './events-section.ts'
import type { Offset, Sequence } from './identity.ts'
import type { JsonPath } from './json.ts'
import type { PassedOver } from './log.ts'
import type { RecordCommit } from './record.ts'
import type { EventRegistry } from './registry.ts'

/** What a stored body is to a reader. */
export type Content = Pick<StoredEvent, 'version' | 'data' | 'fault'>

/** What becomes of a commit. */
export type Verdict =
  | { readonly type: 'taken'; readonly contents: readonly Content[] }
  | {
      readonly type: 'skipped' | 'quarantined'
      readonly passed: PassedOver
      /** Events of unknown types in it, by type. */
      readonly unknown: ReadonlyMap<string, number>
    }

/** Why a payload is not taken. */
export type ContentFault = Pick<PassedOver, 'code' | 'path'>

/**
 * The type of marks: events that stand for nothing, such as a line of an import that was skipped, so that those behind it keep
 * their sequences. In no definition, and no reason to pass a commit over.
 */
export const MARK_TYPE = 'headwater.skipped'

/** A mark's content, which nobody reads. */
export const MARK: Content = { version: 1, data: null }

/** The verdict on a commit that holds a type which no definition of this build names. */
export function judgeTypes(commit: RecordCommit, registry: EventRegistry): Verdict | undefined {
  const { head } = commit
  const isKnown = (type: string): boolean => type === MARK_TYPE || registry.get(type) !== undefined
  if (head.types.every(({ type }) => isKnown(type))) return undefined
  const unknown = new Map<string, number>()
  let first: number | undefined
  for (let i = 0; i < head.count; i++) {
    const { type } = typeAt(commit, i)
    if (isKnown(type)) continue
    first ??= i
    unknown.set(type, (unknown.get(type) ?? 0) + 1)
  }
  return { type: 'skipped', passed: passedOver(commit, first ?? 0, { code: 'EVENT_UNKNOWN' }), unknown }
}

/** Quarantines a commit for its event at index `i`. */
export function quarantine(commit: RecordCommit, i: number, fault: ContentFault): Verdict {
  return { type: 'quarantined', passed: passedOver(commit, i, fault), unknown: new Map() }
}

/** Why a commit with this content is quarantined. A newer version and encryption are for the views to park at. */
export function contentFault(
  { data, fault }: Content,
  event: EventType,
  wasChecked: boolean,
): ContentFault | undefined {
  if (fault) return PARKING.has(fault.code) ? undefined : { code: fault.code }
  return wasChecked ? undefined : schemaFault(data, event)
}

const PARKING: ReadonlySet<string> = new Set(['EVENT_NEWER', 'FORMAT_NEWER'])

function schemaFault(data: unknown, event: EventType): ContentFault | undefined {
  const path = issuePath(data, event)
  return path && { code: 'EVENT_INVALID', path }
}

/** The path of the first fault; a schema that throws, or answers later, takes nothing. */
function issuePath(data: unknown, event: EventType): JsonPath | undefined {
  try {
    const result = event.schema['~standard'].validate(data)
    if (result instanceof Promise) {
      result.catch(() => undefined) // the answer is refused whatever it would have been
      return []
    }
    return result.issues && (result.issues[0]?.path ?? []).map(stepOf)
  } catch (error) {
    return error instanceof HeadwaterError && error.path ? error.path : []
  }
}

function stepOf(step: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof step === 'object' ? step.key : step
  return typeof key === 'number' ? key : String(key)
}

function typeAt({ head }: RecordCommit, i: number): { readonly type: string } {
  return head.types[readU16(head.bytes, head.indexAt + i * INDEX_ENTRY_BYTES)]!
}

function passedOver(commit: RecordCommit, i: number, fault: ContentFault): PassedOver {
  const { head, firstOffset } = commit
  return {
    replica: head.replica,
    sequence: (head.firstSequence + i) as Sequence,
    offset: (firstOffset + i) as Offset,
    count: head.count,
    type: typeAt(commit, i).type,
    ...fault,
  }
}
