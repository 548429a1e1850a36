/**
 * About how many bytes a JSON value takes in memory, for the bounds of overlays. An estimate by a quick walk: strings by
 * their length, everything else by a flat rate. Exactness is not promised, proportion is.
 */
import type { Json } from '@headwater/log'

const SCALAR_BYTES = 8
const OBJECT_BYTES = 32

/** Bytes, about. */
export function jsonBytes(value: Json | undefined): number {
  if (typeof value === 'string') return SCALAR_BYTES + value.length
  if (typeof value !== 'object' || value === null) return SCALAR_BYTES
  let bytes = OBJECT_BYTES
  for (const member of Object.values(value)) bytes += SCALAR_BYTES + jsonBytes(member)
  return bytes
}
