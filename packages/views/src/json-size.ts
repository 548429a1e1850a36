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
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) bytes += jsonBytes(item)
    return bytes
  }
  for (const name in value)
    bytes += SCALAR_BYTES + jsonBytes((value as { readonly [name: string]: Json })[name])
  return bytes
}
