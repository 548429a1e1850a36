/**
 * Conditions on top-level members of a row: a value, a list of values of which one must be met, or bounds. A member that
 * holds a list meets a value by any of its items, too. Values are compared as JSON, whole; bounds compare numbers with numbers and texts with texts (by UTF-16 units), false before true,
 * and are never met by anything else.
 */
import { type Json, sameJson } from '@headwater/log'
import { invalidQuery } from './refusals.ts'
import { memberOf } from './row-text.ts'

/** All conditions; none is met by every row. */
export type Where = readonly Condition[]

/** One condition. */
export type Condition =
  | { readonly type: 'oneOf'; readonly member: string; readonly values: readonly Json[] }
  | { readonly type: 'bounds'; readonly member: string; readonly bounds: readonly Bound[] }

interface Bound {
  readonly relation: Relation
  readonly value: number | string | boolean
}

type Relation = 'gte' | 'gt' | 'lte' | 'lt'

const RELATIONS: Readonly<Record<Relation, (order: number) => boolean>> = {
  gte: (order) => order >= 0,
  gt: (order) => order > 0,
  lte: (order) => order <= 0,
  lt: (order) => order < 0,
}

/** Parses the option `where`. Error: `QUERY_INVALID`. */
export function parseWhere(where: Json | undefined): Where {
  if (where === undefined) return []
  if (typeof where !== 'object' || where === null || Array.isArray(where)) {
    throw invalidQuery(
      'The option "where" of a search is no object.',
      'Name members of the row: `{ status: "open" }`.',
    )
  }
  return Object.entries(where as { readonly [member: string]: Json }).map(([member, wanted]) =>
    parseCondition(member, wanted),
  )
}

/** Whether a row meets all conditions. */
export function meets(row: Json, where: Where): boolean {
  return where.every((condition) => {
    const value = memberOf(row, condition.member)
    if (value === undefined) return false
    if (condition.type === 'bounds') return condition.bounds.every((bound) => isWithin(value, bound))
    if (condition.values.some((wanted) => sameJson(value, wanted))) return true
    const [only, ...others] = condition.values
    return others.length === 0 && Array.isArray(value) && value.some((item: Json) => sameJson(item, only))
  })
}

function parseCondition(member: string, wanted: Json): Condition {
  if (typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted)) {
    const names = Object.keys(wanted)
    if (names.length > 0 && names.every(isRelation)) return parseBounds(member, wanted, names)
  }
  // A list is any of its values; and, where the member itself holds a list, also that very list.
  return {
    type: 'oneOf',
    member,
    values: Array.isArray(wanted) ? [...(wanted as readonly Json[]), wanted] : [wanted],
  }
}

function parseBounds(member: string, wanted: Json, relations: readonly Relation[]): Condition {
  const bounds = relations.map((relation) => {
    const value = memberOf(wanted, relation)
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
      return { relation, value }
    throw invalidQuery(
      `The bound "${relation}" on "${member}" cannot be compared.`,
      'Bounds are numbers, texts or booleans.',
    )
  })
  return { type: 'bounds', member, bounds }
}

function isRelation(name: string): name is Relation {
  return Object.hasOwn(RELATIONS, name)
}

function isWithin(value: Json, { relation, value: limit }: Bound): boolean {
  if (typeof value !== typeof limit) return false
  return RELATIONS[relation](value === limit ? 0 : (value as typeof limit) < limit ? -1 : 1)
}
