/** Little-endian numbers in the hub's own bytes (envelopes), spelled as in the log's grammars. Readers check bounds first. */

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export function readU16(bytes: Uint8Array, at: number): number {
  return view(bytes).getUint16(at, true)
}

/** Above 2⁵³ − 1 the result is rounded: whoever relies on it refuses what is no safe integer. */
export function readU64(bytes: Uint8Array, at: number): number {
  return Number(view(bytes).getBigUint64(at, true))
}

export function writeU16(bytes: Uint8Array, at: number, value: number): void {
  view(bytes).setUint16(at, value, true)
}

/** Writes a safe, non-negative integer. */
export function writeU64(bytes: Uint8Array, at: number, value: number): void {
  view(bytes).setBigUint64(at, BigInt(value), true)
}
