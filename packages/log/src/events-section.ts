/**
 * The events section of a commit: a table of the distinct event types in it, an index with one fixed-width entry an event,
 * then all bodies, a comma behind each, so that the JSON of many is one list (FORMAT.md, "events"). A draft's page writes it, and it is never written
 * again: the log only puts a header in front. Parsing refuses what breaks the grammar; bodies are not looked at here.
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

/** The body of an event: its JSON, or raw bytes, as its type's encoding says. */
export type EventBody = string | Uint8Array

/** An events section to be written: `texts[i]` is the body of an event whose type is `types[typeOf[i]]`. */
export interface EventTexts {
  readonly types: readonly TypeEntry[]
  readonly typeOf: readonly number[]
  readonly texts: readonly EventBody[]
}

/** The bytes of an events section, and where in them the bodies begin. */
export interface EventsSection {
  readonly bytes: Uint8Array
  readonly bodiesAt: number
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
const TYPE_FIXED_BYTES = 6

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Where small sections are written before they are cut off: a buffer of its own for each step of each commit costs more than
 * the work in it. Used within one call only.
 */
const scratch = new Uint8Array(65_536)

/** The names of the types that this build writes, as bytes; as many as it defines. */
const nameBytes = new Map<string, Uint8Array>()

/** Writes an events section. */
export function encodeEvents({ types, typeOf, texts }: EventTexts): EventsSection {
  const names = types.map(({ type }) => bytesOfName(type))
  const indexAt = names.reduce((sum, name) => sum + TYPE_FIXED_BYTES + name.length, 2)
  const bodiesAt = indexAt + texts.length * INDEX_ENTRY_BYTES
  const { bytes, lengths } = encodeBodies(texts, bodiesAt)
  writeTable(bytes, types, names)
  for (let i = 0; i < texts.length; i++) {
    writeU16(bytes, indexAt + i * INDEX_ENTRY_BYTES, typeOf[i]!)
    writeU32(bytes, indexAt + i * INDEX_ENTRY_BYTES + 2, lengths ? lengths[i]! : texts[i]!.length)
  }
  return { bytes, bodiesAt }
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

/** All bodies behind room for table and index, and their lengths where those are not the texts' own. */
interface Bodies {
  readonly bytes: Uint8Array
  readonly lengths: readonly number[] | undefined
}

/** One call of the encoder when all of it is text, and ASCII. */
function encodeBodies(texts: readonly EventBody[], room: number): Bodies {
  if (!texts.every((body) => typeof body === 'string')) return encodeEach(texts, room)
  const text = texts.length === 1 ? `${texts[0]},` : `${texts.join(',')},`
  const length = room + text.length
  const isSmall = length <= scratch.length
  const target = isSmall ? scratch : new Uint8Array(length)
  const { read, written } = encoder.encodeInto(text, target.subarray(room, length))
  if (read !== text.length || written !== text.length) return encodeEach(texts, room)
  return { bytes: isSmall ? scratch.slice(0, length) : target, lengths: undefined }
}

function encodeEach(texts: readonly EventBody[], room: number): Bodies {
  const bodies = texts.map((body) => (typeof body === 'string' ? encoder.encode(body) : body))
  const bytes = new Uint8Array(bodies.reduce((sum, body) => sum + body.length + BODY_END_BYTES, room))
  let at = room
  for (const body of bodies) {
    bytes.set(body, at)
    bytes[at + body.length] = COMMA
    at += body.length + BODY_END_BYTES
  }
  return { bytes, lengths: bodies.map(({ length }) => length) }
}

function writeTable(bytes: Uint8Array, types: readonly TypeEntry[], names: readonly Uint8Array[]): void {
  writeU16(bytes, 0, types.length)
  let at = 2
  types.forEach(({ version, encoding }, i) => {
    const name = names[i]!
    bytes[at] = name.length
    bytes.set(name, at + 1)
    at += 1 + name.length
    writeU32(bytes, at, version)
    bytes[at + 4] = encoding
    at += 5
  })
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
