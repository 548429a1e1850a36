/**
 * The texts of a row that are indexed and shown in snippets: one a field, lists joined by line breaks, nothing where the
 * member is missing or null. Of a longer text only the first 262,144 units count, so that no row holds the worker for
 * longer than a few slices. A member that is no text is refused by name: a row cannot be half indexed.
 */
import type { Json } from '@headwater/log'
import { refusedMember } from './refusals.ts'

/** Units of a field's text that are indexed. */
export const MAX_TEXT_UNITS = 262_144

/** The row's texts in the order of `fields`. Error: `FOLD_FAILED`, with key and field as facts. */
export function textsOf(row: Json, fields: readonly string[], key: string): string[] {
  return fields.map((field) => {
    const text = textOf(memberOf(row, field))
    if (text === undefined) throw refusedMember(key, field)
    return text.slice(0, MAX_TEXT_UNITS)
  })
}

/** The text of one field, nothing for a member that is no text: for rows that are shown. */
export function shownText(row: Json, field: string): string {
  return (textOf(memberOf(row, field)) ?? '').slice(0, MAX_TEXT_UNITS)
}

/** Whether two states of a row are indexed alike; `undefined` is no row. */
export function areIndexedAlike(
  before: Json | undefined,
  after: Json | undefined,
  fields: readonly string[],
): boolean {
  if (before === after) return true
  if (before === undefined || after === undefined) return false
  return fields.every((field) => {
    const [old, now] = [memberOf(before, field), memberOf(after, field)]
    if (old === now) return true
    const text = textOf(old)
    return text !== undefined && text === textOf(now)
  })
}

/** A row's own member; nothing where there is none. */
export function memberOf(row: Json, name: string): Json | undefined {
  if (typeof row !== 'object' || row === null || Array.isArray(row) || !Object.hasOwn(row, name))
    return undefined
  return (row as { readonly [name: string]: Json })[name]
}

function textOf(member: Json | undefined): string | undefined {
  if (typeof member === 'string') return member
  if (member === undefined || member === null) return ''
  if (!Array.isArray(member)) return undefined
  const items = member as readonly Json[]
  return items.every((item) => typeof item === 'string') ? items.join('\n') : undefined
}
