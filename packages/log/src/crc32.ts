/**
 * CRC-32 (IEEE 802.3, reflected, polynomial 0xEDB88320), eight bytes a step. It tells a damaged or cut record from a whole
 * one; it is no defence against an author who means harm (that is the chain hash).
 *
 * Algorithm: "slicing-by-8", M. E. Kounavis and F. L. Berry, "Novel Table Lookup-Based Algorithms for High-Performance
 * CRC Generation", IEEE Transactions on Computers 57 (2008).
 */

const POLYNOMIAL = 0xedb88320

/** The remainder of each byte. */
const T0: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0)
  return remainder
})
/** The remainders with one further zero byte each; arrays of their own are twice as fast as one large one. */
const T1: Int32Array = afterZero(T0)
const T2: Int32Array = afterZero(T1)
const T3: Int32Array = afterZero(T2)
const T4: Int32Array = afterZero(T3)
const T5: Int32Array = afterZero(T4)
const T6: Int32Array = afterZero(T5)
const T7: Int32Array = afterZero(T6)

/** Words are read as the machine orders them, so that the fast way is for little-endian machines. */
const IS_LITTLE_ENDIAN: boolean = new Uint8Array(Int32Array.of(1).buffer)[0] === 1

/** The checksum of `bytes` from `from` on, as an unsigned number; `previous` continues an earlier run. */
export function crc32(bytes: Uint8Array, from = 0, previous = 0): number {
  let crc = ~previous
  let at = from
  for (; at < bytes.length && (bytes.byteOffset + at) % 4 !== 0; at++) crc = oneByte(crc, bytes[at]!)
  const words = IS_LITTLE_ENDIAN ? wordsOf(bytes, at) : new Int32Array()
  for (let i = 0; i < words.length; i += 2) crc = twoWords(crc, words[i]!, words[i + 1]!)
  for (at += words.byteLength; at < bytes.length; at++) crc = oneByte(crc, bytes[at]!)
  return ~crc >>> 0
}

/** Pairs of words from `at` on, which lies on a word's boundary. */
function wordsOf(bytes: Uint8Array, at: number): Int32Array {
  const pairs = Math.max(0, (bytes.length - at) >>> 3)
  return new Int32Array(bytes.buffer, pairs === 0 ? 0 : bytes.byteOffset + at, pairs * 2)
}

function oneByte(crc: number, byte: number): number {
  return (crc >>> 8) ^ T0[(crc ^ byte) & 255]!
}

function twoWords(crc: number, first: number, second: number): number {
  const low = crc ^ first
  return (
    T7[low & 255]! ^
    T6[(low >>> 8) & 255]! ^
    T5[(low >>> 16) & 255]! ^
    T4[low >>> 24]! ^
    T3[second & 255]! ^
    T2[(second >>> 8) & 255]! ^
    T1[(second >>> 16) & 255]! ^
    T0[second >>> 24]!
  )
}

function afterZero(table: Int32Array): Int32Array {
  return table.map((remainder) => (remainder >>> 8) ^ T0[remainder & 255]!)
}
