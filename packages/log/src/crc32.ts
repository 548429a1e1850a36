/**
 * CRC-32 (IEEE 802.3, reflected, polynomial 0xEDB88320), eight bytes a step. It tells a damaged or cut record from a whole
 * one; it is no defence against an author who means harm (that is the chain hash).
 *
 * Algorithm: "slicing-by-8", M. E. Kounavis and F. L. Berry, "Novel Table Lookup-Based Algorithms for High-Performance
 * CRC Generation", IEEE Transactions on Computers 57 (2008).
 */

const POLYNOMIAL = 0xedb88320
const SLICES = 8

/** Table `s` holds, for each byte, its remainder after `s` further zero bytes. */
const TABLES: Int32Array = (() => {
  const tables = new Int32Array(SLICES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0)
    tables[byte] = remainder
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256]!
    tables[i] = (before >>> 8) ^ tables[before & 255]!
  }
  return tables
})()

/** The checksum of `bytes` from `from` on, as an unsigned number; `previous` continues an earlier run. */
export function crc32(bytes: Uint8Array, from = 0, previous = 0): number {
  let crc = ~previous
  let at = from
  for (const last = bytes.length - 7; at < last; at += 8) crc = eightBytes(crc, bytes, at)
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ TABLES[(crc ^ bytes[at]!) & 255]!
  return ~crc >>> 0
}

function eightBytes(crc: number, bytes: Uint8Array, at: number): number {
  const low = crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
  return (
    TABLES[1792 + (low & 255)]! ^
    TABLES[1536 + ((low >>> 8) & 255)]! ^
    TABLES[1280 + ((low >>> 16) & 255)]! ^
    TABLES[1024 + (low >>> 24)]! ^
    TABLES[768 + bytes[at + 4]!]! ^
    TABLES[512 + bytes[at + 5]!]! ^
    TABLES[256 + bytes[at + 6]!]! ^
    TABLES[bytes[at + 7]!]!
  )
}
