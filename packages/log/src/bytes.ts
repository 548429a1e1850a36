/**
 * Little-endian numbers in bytes: the primitives that every stored grammar here is written with. Whole numbers of 53 bits
 * take 8 bytes. Readers of foreign bytes check their bounds before they call these; what lies outside reads as 0.
 */

/** Bytes that a number of `writeU64` takes. */
export const U64_BYTES = 8

const TWO_TO_32 = 4_294_967_296

export function readU16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8)
}

export function readU32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

/** Reads a whole number; above 2⁵³ − 1 the result is not a safe integer, which the caller refuses. */
export function readU64(bytes: Uint8Array, at: number): number {
  return readU32(bytes, at) + readU32(bytes, at + 4) * TWO_TO_32
}

export function writeU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
}

export function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}

/** Writes a safe, non-negative integer. */
export function writeU64(bytes: Uint8Array, at: number, value: number): void {
  writeU32(bytes, at, value % TWO_TO_32)
  writeU32(bytes, at + 4, Math.floor(value / TWO_TO_32))
}

/** Whether two runs of bytes are equal. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
