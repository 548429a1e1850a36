/**
 * What an aggregate answers: one group's measures, and groups in their order with theirs. Reads are attempts on the
 * state, like those of a table; each answer comes with the keys that it was read from.
 */
import type { Json } from '@headwater/log'
import type { AggregateDefinition, KeyPart } from '../definition.ts'
import { encodeKey } from '../key.ts'
import {
  invalidQuery,
  parseParts,
  parseRange,
  toDependency,
  toKeyRange,
  tupleSpelling,
} from '../query-range.ts'
import type { Attempt } from '../table/answers.ts'
import { groupTuple } from './aggregate-part.ts'
import { asStoredGroup, groupResults } from './stored-group.ts'

/** The groups as they are read: their map in the state, and its name in dependencies. */
export interface ReadableGroups {
  readonly map: string
  readonly entries: string
}

/** `get(group)` */
export function getGroup(
  definition: AggregateDefinition,
  { map, entries }: ReadableGroups,
  args: readonly Json[],
): Attempt {
  const key = encodeKey(groupArgument('get', args))
  return (reader) => {
    const stored = reader.get(map, key)
    return {
      value: stored === undefined ? undefined : groupResults(definition, asStoredGroup(stored)),
      dependencies: [{ map: entries, from: key, to: key }],
    }
  }
}

/** `range(options)` */
export function rangeGroups(
  definition: AggregateDefinition,
  { map, entries }: ReadableGroups,
  options: Json | undefined,
): Attempt {
  const range = parseRange(`${definition.name}.range`, options, tupleSpelling)
  return (reader) => {
    const value: Json[] = []
    let last: string | undefined
    reader.range(map, toKeyRange(range), (key, found) => {
      const stored = asStoredGroup(found)
      value.push({ group: stored[0], ...groupResults(definition, stored) })
      last = key
      return value.length < range.limit
    })
    return {
      value,
      dependencies: [toDependency(entries, range, value.length === range.limit ? last : undefined)],
    }
  }
}

/** The group that a method is asked for. Throws `QUERY_INVALID`. */
export function groupArgument(method: string, args: readonly Json[]): readonly KeyPart[] {
  const [group] = args
  if (group === undefined)
    throw invalidQuery(`${method} was given no group.`, `Give a group: ${method}('open').`)
  return groupTuple(parseParts(method, 'group', Array.isArray(group) ? group : [group]))
}
