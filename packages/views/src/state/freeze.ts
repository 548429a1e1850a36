/**
 * Freezing of JSON values, deeply and without recursion, so that whoever reads a state cannot change what others read.
 */
import type { Json } from '@headwater/log'

/** Freezes a JSON value and all that is in it; what is frozen already is taken as frozen deeply. */
export function freezeJson(value: Json): Json {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  const open: object[] = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    Object.freeze(next)
    for (const member of Object.values(next)) {
      if (typeof member === 'object' && member !== null && !Object.isFrozen(member)) open.push(member)
    }
  }
  return value
}
