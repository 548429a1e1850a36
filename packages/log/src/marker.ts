/**
 * The body of a marker record: whose events are left out from it on, by offsets, and why (FORMAT.md, "marker"). The record
 * takes one offset and holds no commit, so that a reader that folds past it hears of the voiding in order.
 */
import { readU64, writeU64 } from './bytes.ts'
import type { Offset } from './identity.ts'
import type { LeftOut, VoidRange } from './voids.ts'

const RANGE_BYTES = 17
const REASONS: readonly LeftOut[] = ['replaced', 'aside', 'duplicate']

/** Writes a marker's body. */
export function encodeMarker(ranges: readonly VoidRange[]): Uint8Array {
  const bytes = new Uint8Array(ranges.length * RANGE_BYTES)
  ranges.forEach(({ first, last, reason }, i) => {
    writeU64(bytes, i * RANGE_BYTES, first)
    writeU64(bytes, i * RANGE_BYTES + 8, last)
    bytes[i * RANGE_BYTES + 16] = REASONS.indexOf(reason)
  })
  return bytes
}

/** Reads the body of a marker at `offset`; undefined when it breaks the grammar. */
export function parseMarker(bytes: Uint8Array, offset: number): readonly VoidRange[] | undefined {
  if (bytes.length % RANGE_BYTES !== 0) return undefined
  const ranges: VoidRange[] = []
  for (let at = 0; at < bytes.length; at += RANGE_BYTES) {
    const first = readU64(bytes, at)
    const last = readU64(bytes, at + 8)
    const reason = REASONS[bytes[at + 16]!]
    if (first < 1 || last < first || last >= offset || reason === undefined) return undefined
    ranges.push({ first: first as Offset, last: last as Offset, reason })
  }
  return ranges
}
