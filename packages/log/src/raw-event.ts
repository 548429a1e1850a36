/**
 * Event types whose body is raw bytes: what is binary by nature, like the updates of a document, is stored as it is instead
 * of as base64 in JSON. What `data` may be is checked by the definition alone; there are no upcasters, since who writes raw
 * bytes gives them a version of their own.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { MAX_EVENT_BYTES } from './draft.ts'
import type { Draft, EventType } from './event.ts'

/** The options of `defineRawEvent`. */
export interface RawEventOptions {
  /** From 1. */
  readonly version: number
  /** The key of what the event is about. Called only with bytes that were found to be right. */
  readonly key: (data: Uint8Array) => string
  /** Why these bytes are no such event; nothing when they are. */
  readonly faultOf: (data: Uint8Array) => string | undefined
}

/** Defines an event type of raw bytes. The name is not checked: it is chosen by us, not by an app. */
export function defineRawEvent<const Type extends string>(
  type: Type,
  { version, key, faultOf }: RawEventOptions,
): EventType<Type, Uint8Array, Uint8Array> {
  const createDraft = (data: Uint8Array): Draft<Type, Uint8Array> => ({ type, version, data })
  const validate = (value: unknown): StandardSchemaV1.Result<Uint8Array> => {
    if (!(value instanceof Uint8Array)) return { issues: [{ message: 'it is no Uint8Array' }] }
    const isLong = value.length > MAX_EVENT_BYTES
    const fault = isLong
      ? `it takes ${value.length} bytes; at most ${MAX_EVENT_BYTES} are stored`
      : faultOf(value)
    return fault === undefined ? { value } : { issues: [{ message: fault }] }
  }
  const schema = { '~standard': { version: 1, vendor: 'headwater', validate } } as const
  return Object.freeze(Object.assign(createDraft, { type, version, schema, key, upcast: {}, raw: true }))
}
