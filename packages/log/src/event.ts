/**
 * Event types and events: what an app says happened. `defineEvent` gives a factory for drafts that carries the
 * type's name, version, schema, key and upcasters; a `StoredEvent` is what a fold is given, lifted to the version
 * that this build knows.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { HeadwaterError } from './error.ts'
import type { Json } from './json.ts'
import type { Offset, ReplicaId, Sequence, Timestamp } from './identity.ts'

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
}

/** The data of an event type, as stored. */
export type EventData<Event extends EventType> = Event extends EventType<string, any, infer Data> ? Data : never

export type { Json }
