/**
 * Fields of a frame as bytes, written and read: little-endian numbers, text and runs of bytes with their length in front.
 * Writing trusts its caller; reading trusts nobody: each read is bounded, and the first that does not fit throws `Misread`,
 * which `wire.ts` turns into a refusal by name.
 */
import { bytesToId, writeId } from '@headwater/log'

/** Why a frame cannot be read. Never leaves `parseMessage`. */
export class Misread extends Error {}

/** Writes fields one after another into bytes that grow. */
export interface FieldWriter {
  u8(value: number): void
  u16(value: number): void
  u32(value: number): void
  /** A safe integer from 0 on. */
  u64(value: number): void
  id(id: string): void
  /** Bytes without a length: the reader knows it. */
  raw(bytes: Uint8Array): void
  bytes16(bytes: Uint8Array): void
  bytes32(bytes: Uint8Array): void
  text(text: string): void
  finish(): Uint8Array<ArrayBuffer>
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const TWO_TO_32 = 4_294_967_296
const ID_BYTES = 12

/** Starts a frame; `bytesExpected` saves copies. */
export function createFieldWriter(bytesExpected: number): FieldWriter {
  let bytes = new Uint8Array(bytesExpected)
  let view = new DataView(bytes.buffer)
  let at = 0
  const take = (length: number): number => {
    if (at + length > bytes.length) {
      const larger = new Uint8Array(Math.max(bytes.length * 2, at + length))
      larger.set(bytes)
      bytes = larger
      view = new DataView(bytes.buffer)
    }
    at += length
    return at - length
  }
  // The place is taken first: it may put larger bytes under `view` and `bytes`.
  const u16 = (value: number): void => {
    const place = take(2)
    view.setUint16(place, value, true)
  }
  const u32 = (value: number): void => {
    const place = take(4)
    view.setUint32(place, value, true)
  }
  const raw = (run: Uint8Array): void => {
    const place = take(run.length)
    bytes.set(run, place)
  }
  const bytes16 = (run: Uint8Array): void => {
    u16(run.length)
    raw(run)
  }
  return {
    u8: (value) => {
      const place = take(1)
      view.setUint8(place, value)
    },
    u16,
    u32,
    u64: (value) => {
      u32(value % TWO_TO_32)
      u32(Math.floor(value / TWO_TO_32))
    },
    id: (id) => {
      const place = take(ID_BYTES)
      writeId(id, bytes, place)
    },
    raw,
    bytes16,
    bytes32: (run) => {
      u32(run.length)
      raw(run)
    },
    text: (text) => bytes16(encoder.encode(text)),
    finish: () => bytes.subarray(0, at),
  }
}

/** Reads fields one after another. All throw `Misread`. */
export interface FieldReader {
  u8(): number
  u16(): number
  u32(): number
  /** At most 2⁵³ − 1. */
  u64(): number
  id(): string
  /** A copy. */
  raw(length: number): Uint8Array
  /** Copies of at most `max` bytes. */
  bytes16(max: number): Uint8Array
  /** Not a copy: the frame's own bytes. */
  bytes32(max: number): Uint8Array
  /** UTF-8 of at most `max` bytes. */
  text(max: number): string
  /** A count in 16 bits of at most `max`. */
  count(max: number): number
  /** Throws unless all has been read. */
  end(): void
}

/** Reads a frame from its start. */
export function createFieldReader(bytes: Uint8Array): FieldReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const take = (length: number): number => {
    if (at + length > bytes.length) throw new Misread(`it ends ${at + length - bytes.length} bytes too early`)
    at += length
    return at - length
  }
  const bounded = (length: number, max: number): number => {
    if (length > max) throw new Misread(`a field has ${length}, at most ${max} are allowed`)
    return length
  }
  const u16 = (): number => view.getUint16(take(2), true)
  const u32 = (): number => view.getUint32(take(4), true)
  const run = (length: number): Uint8Array => {
    const start = take(length)
    return bytes.subarray(start, start + length)
  }
  return {
    u8: () => view.getUint8(take(1)),
    u16,
    u32,
    u64: () => {
      const value = u32() + u32() * TWO_TO_32
      if (!Number.isSafeInteger(value)) throw new Misread('a number is over 2⁵³ − 1')
      return value
    },
    id: () => bytesToId(bytes, take(ID_BYTES)),
    raw: (length) => run(length).slice(),
    bytes16: (max) => run(bounded(u16(), max)).slice(),
    bytes32: (max) => run(bounded(u32(), max)),
    text: (max) => readText(run(bounded(u16(), max))),
    count: (max) => bounded(u16(), max),
    end: () => {
      if (at < bytes.length) throw new Misread(`${bytes.length - at} bytes are too many`)
    },
  }
}

function readText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Misread('a text is not UTF-8')
  }
}
