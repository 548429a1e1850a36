/**
 * Event types and events: what an app says happened. `defineEvent` gives a factory for drafts that carries the
 * type's name, version, schema, key and upcasters; a `StoredEvent` is what a fold is given, lifted to the version
 * that this build knows.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { HeadwaterError } from './error.ts'
import type { Offset, ReplicaId, Sequence, Timestamp } from './identity.ts'
import type { Json } from './json.ts'

/** What a caller hands to `append`: an event that has not been stored yet. */
export interface Draft<Type extends string = string, Data = unknown> {
  readonly type: Type
  readonly version: number
  readonly data: Data
}

/** An event as a fold gets it. Frozen, deeply. */
export interface StoredEvent<Data = unknown> {
  readonly type: string
  /** The version that `data` has been lifted to. */
  readonly version: number
  readonly data: Data
  readonly offset: Offset
  readonly replica: ReplicaId
  readonly sequence: Sequence
  readonly timestamp: Timestamp
  /** Wall milliseconds of the timestamp. */
  readonly time: number
  /** Why this build cannot take the event: `EVENT_NEWER` or `UPCAST_FAILED`. Who folds this type is parked here. */
  readonly fault?: HeadwaterError
}

/** The options of `defineEvent`. */
export interface EventOptions<Schema extends StandardSchemaV1> {
  /** From 1 (the default); raise it when the shape of the data changes, and add an upcaster. */
  readonly version?: number
  /** Any Standard Schema that validates synchronously. */
  readonly schema: Schema
  /** The key (or keys) of what the event is about; tables that fold it take this unless they name another. */
  readonly key?: (data: StandardSchemaV1.InferOutput<Schema>) => string | readonly string[]
  /** `{ 1: (old) => new }` lifts version 1 to version 2, and so on: no version may be left out. */
  readonly upcast?: Readonly<Record<number, (old: Record<string, any>) => unknown>>
}

/** An event type: a function that makes drafts, with the type's definition on it. */
export interface EventType<Type extends string = string, Input = any, Data = any> {
  (data: Input): Draft<Type, Input>
  readonly type: Type
  readonly version: number
  readonly schema: StandardSchemaV1<Input, Data>
  readonly key: ((data: Data) => string | readonly string[]) | undefined
  readonly upcast: Readonly<Record<number, (old: Record<string, any>) => unknown>>
  /** True where the body is raw bytes and `data` a `Uint8Array`; else it is JSON (`raw-event.ts`). */
  readonly raw?: boolean
}

/** The data of an event type, as stored. */
export type EventData<Event extends EventType> =
  Event extends EventType<string, any, infer Data> ? Data : never

export type { Json }

/** The longest name of an event type, in bytes of UTF-8. */
const MAX_TYPE_BYTES = 255
const MAX_VERSION = 4_294_967_295

/**
 * Defines an event type. Errors: `DEFINITION_INVALID` (empty or overlong name, a version that is no whole number from 1
 * on, an upcaster for a version that is not older), `UPCAST_GAP`, `SCHEMA_ASYNC`.
 */
export function defineEvent<const Type extends string, Schema extends StandardSchemaV1>(
  type: Type,
  options: EventOptions<Schema>,
): EventType<Type, StandardSchemaV1.InferInput<Schema>, StandardSchemaV1.InferOutput<Schema>> {
  type Input = StandardSchemaV1.InferInput<Schema>
  type Output = StandardSchemaV1.InferOutput<Schema>
  const { version = 1, key, upcast = {} } = options
  refuseBadName(type)
  refuseBadVersions(type, version, upcast)
  refuseAsync(type, options.schema)
  const schema = options.schema as StandardSchemaV1<Input, Output> // the same schema, its two types spelled out
  const createDraft = (data: Input): Draft<Type, Input> => ({ type, version, data })
  return Object.freeze(Object.assign(createDraft, { type, version, schema, key, upcast }))
}

/** The refusal of a schema that validates asynchronously. */
export function asyncSchema(type: string): HeadwaterError {
  return new HeadwaterError('SCHEMA_ASYNC', `The schema of "${type}" validates asynchronously.`, {
    hint: 'Use a schema that answers at once; look things up before you append.',
    facts: { type },
  })
}

function refuseBadName(type: string): void {
  if (type === '') throw invalid('An event type has an empty name.', 'Name it, e.g. "issue.opened".', type)
  const bytes = new TextEncoder().encode(type)
  if (bytes.length > MAX_TYPE_BYTES || new TextDecoder().decode(bytes) !== type) {
    throw invalid(`The event type "${type.slice(0, 40)}…" cannot be stored.`, 'Take a short name.', type)
  }
}

function refuseBadVersions(type: string, version: number, upcast: EventType['upcast']): void {
  if (!Number.isInteger(version) || version < 1 || version > MAX_VERSION) {
    throw invalid(`"${type}" has version ${version}.`, 'Versions are whole numbers from 1 on.', type)
  }
  const stray = Object.keys(upcast).find((from) => !(Number(from) >= 1 && Number(from) < version))
  if (stray !== undefined) {
    throw invalid(
      `"${type}" has an upcaster for ${stray}.`,
      `Upcast 1 to ${version - 1}, or raise version.`,
      type,
    )
  }
  for (let from = 1; from < version; from++) {
    if (typeof upcast[from] === 'function') continue
    throw new HeadwaterError(
      'UPCAST_GAP',
      `"${type}" is at version ${version} but does not lift version ${from}.`,
      {
        hint: `Add upcast: { ${from}: (old) => … }; events of every old version must stay readable.`,
        facts: { type, version, missing: from },
      },
    )
  }
}

/** A probe shows most asynchronous schemas; those that answer the probe at once are refused at append. */
function refuseAsync(type: string, schema: StandardSchemaV1): void {
  let answer: unknown
  try {
    answer = schema['~standard'].validate(undefined)
  } catch {
    return // a schema may throw at what is no event; what it does with real data is seen at append
  }
  if (!(answer instanceof Promise)) return
  answer.catch(() => undefined) // the probe's own failure says nothing
  throw asyncSchema(type)
}

function invalid(message: string, hint: string, type: string): HeadwaterError {
  return new HeadwaterError('DEFINITION_INVALID', message, { hint, facts: { type } })
}
