/**
 * The bytes of a document's events, and their grammar. An event carries one update of one document, or, where the update
 * is over an event's limit, one numbered part of it; parts may lie in several commits and come in any order.
 *
 * ```
 * body := version:u8 = 1 ‖ idLength:u16 ‖ id:idLength (UTF-8) ‖ parts:u16 ‖ (whole:12 ‖ part:u16){parts > 1} ‖ update
 * ```
 *
 * Numbers are little-endian; `parts` is 1 … 4,096, `part` counts from 0, `whole` are random bytes that the parts of one
 * update share. An update is what Yjs makes, in its first format; it is not looked into here.
 */
import { bytesToId, defineRawEvent, type EventType, MAX_EVENT_BYTES, type Random } from '@headwater/log'

/** A parsed body. */
export interface DocumentEvent {
  /** The document's id. */
  readonly id: string
  /** Of how many parts; 1 where the update is whole. */
  readonly parts: number
  readonly part: number
  /** What the parts of one update share; empty where it is whole. */
  readonly whole: string
  /** The update, or the part. */
  readonly bytes: Uint8Array
}

/** The longest id of a document, in bytes of UTF-8. */
export const MAX_DOCUMENT_ID_BYTES = 1_024
/** The most parts of one update: 1 GiB. */
export const MAX_PARTS = 4_096
/** Begins the names of documents' event types. Apps' own types may not begin so. */
const TYPE_PREFIX = 'headwater.document.'

const VERSION = 1
const WHOLE_BYTES = 12
const FIXED_BYTES = 5
const PART_BYTES = WHOLE_BYTES + 2

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The event type of a view of documents. */
export function defineDocumentEvent(view: string): EventType<string, Uint8Array, Uint8Array> {
  return defineRawEvent(`${TYPE_PREFIX}${view}`, {
    version: 1,
    key: (data) => parseDocumentEvent(data)?.id ?? '',
    faultOf: (data) => (parseDocumentEvent(data) ? undefined : 'it is no update of a document'),
  })
}

/** Why this is no document's id; nothing when it is one. */
export function faultOfId(id: unknown): string | undefined {
  if (typeof id !== 'string' || id === '') return 'it is no text, or empty'
  const bytes = encoder.encode(id)
  if (bytes.length > MAX_DOCUMENT_ID_BYTES) return `it takes over ${MAX_DOCUMENT_ID_BYTES} bytes`
  return decoder.decode(bytes) === id ? undefined : 'it holds half a character'
}

/** The bodies that carry an update: one, or its numbered parts. */
export function cutUpdate(id: string, update: Uint8Array, random: Random): readonly Uint8Array[] {
  const name = encoder.encode(id)
  const room = MAX_EVENT_BYTES - FIXED_BYTES - name.length
  if (update.length <= room) return [writeBody(name, { parts: 1, part: 0, whole: undefined }, update)]
  const size = room - PART_BYTES
  const parts = Math.ceil(update.length / size)
  const whole = random.bytes(WHOLE_BYTES)
  return Array.from({ length: parts }, (_, part) =>
    writeBody(name, { parts, part, whole }, update.subarray(part * size, (part + 1) * size)),
  )
}

/** The event in these bytes; nothing where they break the grammar. */
export function parseDocumentEvent(body: Uint8Array): DocumentEvent | undefined {
  if (body.length < FIXED_BYTES || body[0] !== VERSION) return undefined
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  const idEnd = 3 + view.getUint16(1, true)
  if (idEnd + 2 > body.length) return undefined
  const id = decodeId(body.subarray(3, idEnd))
  const parts = view.getUint16(idEnd, true)
  const at = idEnd + 2
  if (id === undefined || parts === 0 || parts > MAX_PARTS) return undefined
  if (parts === 1) return { id, parts, part: 0, whole: '', bytes: body.subarray(at) }
  const end = at + PART_BYTES
  if (end > body.length) return undefined
  const part = view.getUint16(at + WHOLE_BYTES, true)
  if (part >= parts) return undefined
  return { id, parts, part, whole: bytesToId(body, at), bytes: body.subarray(end) }
}

interface Numbered {
  readonly parts: number
  readonly part: number
  readonly whole: Uint8Array | undefined
}

function writeBody(name: Uint8Array, { parts, part, whole }: Numbered, bytes: Uint8Array): Uint8Array {
  const at = FIXED_BYTES + name.length
  const body = new Uint8Array(at + (whole ? PART_BYTES : 0) + bytes.length)
  const view = new DataView(body.buffer)
  body[0] = VERSION
  view.setUint16(1, name.length, true)
  body.set(name, 3)
  view.setUint16(at - 2, parts, true)
  if (whole) {
    body.set(whole, at)
    view.setUint16(at + WHOLE_BYTES, part, true)
  }
  body.set(bytes, body.length - bytes.length)
  return body
}

function decodeId(bytes: Uint8Array): string | undefined {
  try {
    const id = decoder.decode(bytes)
    return faultOfId(id) === undefined ? id : undefined
  } catch {
    return undefined // not UTF-8: the caller refuses the body
  }
}
