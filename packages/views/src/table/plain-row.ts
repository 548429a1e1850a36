/**
 * The common case of a fold's result, recognised in one pass: a plain object of texts, booleans and finite numbers, whose
 * lists and objects are the very ones of the row before or of the event, which are normal JSON and frozen already. All
 * else is left to `normaliseJson`, which looks at everything and says what is wrong.
 */
import type { Json } from '@headwater/log'

/** `next` frozen, when it is such a row; else undefined, and untouched. */
export function freezePlainRow(next: unknown, row: Json | undefined, data: unknown): Json | undefined {
  if (!isMembers(next) || Object.getPrototypeOf(next) !== Object.prototype) return undefined
  const before = isMembers(row) ? row : undefined
  const said = isMembers(data) ? data : undefined
  for (const name in next) {
    const member = next[name]
    if (typeof member === 'string' || typeof member === 'boolean' || member === null) continue
    if (typeof member === 'number' && Number.isFinite(member) && (member !== 0 || !Object.is(member, -0)))
      continue
    const isShared = member === before?.[name] || member === said?.[name]
    if (typeof member !== 'object' || !isShared) return undefined
  }
  if (Object.getOwnPropertySymbols(next).length > 0) return undefined
  return Object.freeze(next) as Json // the walk above has seen all of it
}

function isMembers(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
