/**
 * The identity of a query: its view, method and arguments as text, members in one order, so that two queries that ask
 * the same are the same. What JSON cannot carry is refused here, with its path, before it can reach a worker.
 */
import { checkJson, HeadwaterError, type Json, pathToText } from '@headwater/log'

/** Arguments without `undefined` members, or `QUERY_INVALID` where JSON cannot carry them. */
export function toArguments(view: string, method: string, args: readonly unknown[]): readonly Json[] {
  const plain = args.map(withoutUndefined)
  while (plain.length > 0 && plain.at(-1) === undefined) plain.pop()
  const fault = checkJson(plain)
  if (fault === undefined) return plain as readonly Json[] // the walk above has seen all of it
  throw new HeadwaterError(
    'QUERY_INVALID',
    `${view}.${method} was given ${fault.found} at ${pathToText(fault.path, 'arguments')}.`,
    {
      hint: 'Arguments of queries are JSON.',
      path: fault.path,
    },
  )
}

/** JSON text with the members of every object in ascending order. */
export function canonicalText(value: Json): string {
  return JSON.stringify(value, (_name, part: Json) => (isMembers(part) ? sorted(part) : part))
}

function sorted(object: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Whether a value is an object with members, not a list. */
export function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withoutUndefined(value: unknown): unknown {
  if (!isMembers(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined))
}
