/**
 * The events section of a commit: a table of the distinct event types in it, an index with one fixed-width entry an event,
 * then all bodies, a comma behind each, so that the JSON of many is one list (FORMAT.md, "events"). It is written where the log
 * is, and never again: the log only puts a header in front. Parsing refuses what breaks the grammar; bodies are not looked at here.
 */
import { readU16, readU32, writeU16, writeU32 } from './bytes.ts'

/** How a body is encoded. */
export const ENCODING = { json: 0, raw: 1 } as const
export type Encoding = (typeof ENCODING)[keyof typeof ENCODING]

/** A type as the events of one commit share it. */
export interface TypeEntry {
  readonly type: string
  readonly version: number
  readonly encoding: Encoding
}

/** The type of an event that is written. Of one commit, or of a few written together, equal types are one object. */
export interface WrittenType extends Pick<TypeEntry, 'type' | 'version'> {
  /** True where the body is raw bytes; else it is JSON. */
  readonly raw?: boolean
}

/** JSON bodies one behind the other, a comma behind each, and the bytes of each without its comma. */
export interface JsonBodies {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly lengths: readonly number[]
}

/** A parsed table and index. Positions count from the start of the bytes that were handed in. */
export interface EventsIndex {
  readonly types: readonly TypeEntry[]
  /** Where the index begins. */
  readonly indexAt: number
  /** Where the index ends and, in a whole commit, the bodies begin. */
  readonly bodiesAt: number
  /** Bytes of all bodies together. */
  readonly bodiesLength: number
}

/** Bytes of an index entry: type's place in the table, length of the body. */
export const INDEX_ENTRY_BYTES = 6
/** What stands behind each body. */
export const COMMA = 0x2c
export const BODY_END_BYTES = 1
/** Bytes of a type in the table beside its name. */
export const TYPE_FIXED_BYTES = 6

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The names of the types that this build writes, as bytes; as many as it defines. */
const nameBytes = new Map<string, Uint8Array>()

/**
 * Writes JSON bodies. `text` has a comma behind each, `lengths` are in UTF-16 units. ASCII text, which most is, takes one
 * call of the encoder, however many commits it belongs to: a call for each costs more than the work in it.
 */
export function encodeBodies(text: string, lengths: readonly number[]): JsonBodies {
  const bytes = encoder.encode(text)
  return { bytes, lengths: bytes.length === text.length ? lengths : byteLengths(text, lengths) }
}

/** Writes table and index of a commit with bodies of these lengths. */
export function encodeTable(typeOf: readonly WrittenType[], lengths: readonly number[]): Uint8Array {
  const types = typeOf.length === 1 ? typeOf : [...new Set(typeOf)]
  let at = 2
  for (const { type } of types) at += TYPE_FIXED_BYTES + bytesOfName(type).length
  const bytes = new Uint8Array(at + lengths.length * INDEX_ENTRY_BYTES)
  writeTypes(bytes, types)
  const places = types.length === 1 ? undefined : new Map(types.map((type, place) => [type, place]))
  for (let i = 0; i < lengths.length; i++, at += INDEX_ENTRY_BYTES) {
    writeU16(bytes, at, places?.get(typeOf[i]!) ?? 0)
    writeU32(bytes, at + 2, lengths[i]!)
  }
  return bytes
}

function bytesOfName(type: string): Uint8Array {
  const known = nameBytes.get(type)
  if (known) return known
  const bytes = encoder.encode(type)
  nameBytes.set(type, bytes)
  return bytes
}

/** Reads table and index of `count` events from `at` on; undefined when they break the grammar. */
export function parseEventsIndex(bytes: Uint8Array, at: number, count: number): EventsIndex | undefined {
  const table = parseTable(bytes, at)
  if (!table) return undefined
  const indexAt = table.end
  const bodiesAt = indexAt + count * INDEX_ENTRY_BYTES
  if (bodiesAt > bytes.length) return undefined
  let bodiesLength = 0
  for (let entry = indexAt; entry < bodiesAt; entry += INDEX_ENTRY_BYTES) {
    if (readU16(bytes, entry) >= table.types.length) return undefined
    bodiesLength += readU32(bytes, entry + 2) + BODY_END_BYTES
  }
  return { types: table.types, indexAt, bodiesAt, bodiesLength }
}

function byteLengths(text: string, lengths: readonly number[]): readonly number[] {
  let at = 0
  return lengths.map((length) => {
    const body = text.slice(at, at + length)
    at += length + BODY_END_BYTES
    return encoder.encode(body).length
  })
}

function writeTypes(bytes: Uint8Array, types: readonly WrittenType[]): void {
  writeU16(bytes, 0, types.length)
  let at = 2
  for (const { type, version, raw } of types) {
    const name = bytesOfName(type)
    bytes[at] = name.length
    bytes.set(name, at + 1)
    at += 1 + name.length
    writeU32(bytes, at, version)
    bytes[at + 4] = raw ? ENCODING.raw : ENCODING.json
    at += 5
  }
}

function parseTable(
  bytes: Uint8Array,
  from: number,
): { types: readonly TypeEntry[]; end: number } | undefined {
  const count = readU16(bytes, from)
  const types: TypeEntry[] = []
  let at = from + 2
  for (let i = 0; i < count; i++) {
    const end = at + TYPE_FIXED_BYTES + bytes[at]!
    if (!(end <= bytes.length)) return undefined
    const type = parseName(bytes, at + 1, end - 5)
    const encoding = encodingOf(bytes[end - 1]!)
    if (type === undefined || encoding === undefined) return undefined
    types.push({ type, version: readU32(bytes, end - 5), encoding })
    at = end
  }
  return { types, end: at }
}

function encodingOf(byte: number): Encoding | undefined {
  return byte === ENCODING.json || byte === ENCODING.raw ? byte : undefined
}

/** Names are short and mostly ASCII: spelled out by hand that is several times faster than a decoder's call. */
function parseName(bytes: Uint8Array, from: number, to: number): string | undefined {
  let name = ''
  for (let at = from; at < to; at++) {
    if (bytes[at]! > 127) return decodeName(bytes.subarray(from, to))
    name += String.fromCharCode(bytes[at]!)
  }
  return name === '' ? undefined : name
}

function decodeName(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined // not UTF-8: the caller refuses the commit by name
  }
}
