/**
 * JSON as the log's data model: what an event's data and a fold's rows are made of.
 *
 * `checkJson` refuses, with the path of the fault, whatever JSON cannot carry exactly (`undefined`, `-0`, `NaN`,
 * dates, maps, functions, cycles, class instances). Walks go at most `MAX_JSON_DEPTH` levels deep, because engines
 * overflow their stack when they write deeper values (V8 near 4,000 levels): deeper data are refused by name. Only
 * own enumerable members count, as in `JSON.stringify`; `toJSON` is never called.
 */

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
/** Steps from the root to a value: property names and array indexes. */
export type JsonPath = readonly (string | number)[]

/** A fault found in data: where, and what stands there. */
export interface JsonFault {
  readonly path: JsonPath
  /** What stands there, in words: `"a Date"`, `"-0"`. */
  readonly found: string
}

/** The deepest nesting of arrays and objects that is taken. */
export const MAX_JSON_DEPTH = 1_000

/** A fault on its way up; `steps` run from the fault to the root. */
interface Rising {
  found: string
  steps: (string | number)[]
  /** The object at which the walk gave up for depth: met again on the way up, it is a cycle. */
  deepest?: object
}

const CYCLE = 'a cycle'

/** What a walk does about `undefined` members of objects, and whether it met one. */
interface Undefineds {
  readonly allowed: boolean
  met: boolean
}

/** The first thing in `value` that JSON cannot carry exactly, or undefined when there is none. */
export function checkJson(value: unknown): JsonFault | undefined {
  const rising = faultIn(value, 0, { allowed: false, met: false })
  return rising && landed(rising, value)
}

/**
 * `value` as JSON would keep it: `undefined` members of objects are dropped, everything else that JSON cannot carry is a
 * fault. Deep-frozen, and the same reference when nothing had to be dropped.
 */
export function normaliseJson(value: unknown): { readonly value: Json } | JsonFault {
  const undefineds = { allowed: true, met: false }
  const rising = faultIn(value, 0, undefineds)
  if (rising) return landed(rising, value)
  const checked = value as Json // the walk above has seen all of it
  return { value: freezeJson(undefineds.met ? withoutUndefined(checked) : checked) }
}

/** Freezes a JSON value deeply and returns it. Takes checked values only: the depth is bounded by the check. */
export function freezeJson<Value>(value: Value): Value {
  if (!isObject(value)) return value
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) freezeJson(value[i]) // many times faster than for-in over an array
  } else {
    for (const key in value) {
      const member = value[key]
      if (typeof member === 'object') freezeJson(member)
    }
  }
  return Object.freeze(value)
}

/** Parses JSON text and freezes the result deeply. Throws what `JSON.parse` throws. */
export function parseJsonFrozen(text: string): Json {
  return freezeJson(JSON.parse(text) as Json) // JSON.parse yields nothing but JSON
}

/** Whether two JSON values are equal, the order of members aside; `0` and `-0` differ. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false
  return Array.isArray(a) && Array.isArray(b) ? sameItems(a, b) : sameMembers(a, b)
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!sameJson(a[i], b[i])) return false
  return true
}

function sameMembers(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  for (const key in a) if (!Object.hasOwn(b, key) || !sameJson(a[key], b[key])) return false
  for (const key in b) if (!Object.hasOwn(a, key)) return false
  return true
}

/** A path as people write it: `data.comments[3].at`. */
export function pathToText(path: JsonPath, root = 'data'): string {
  const shown = path.slice(0, 20).map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
  return root + shown.join('') + (path.length > 20 ? ` … (${path.length} steps)` : '')
}

function faultIn(value: unknown, depth: number, undefineds: Undefineds): Rising | undefined {
  if (value === null) return undefined
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? undefined : fault(numberInWords(value))
    case 'object':
      if (depth >= MAX_JSON_DEPTH) return tooDeep(value)
      return Array.isArray(value)
        ? faultInArray(value, depth, undefineds)
        : faultInObject(value, depth, undefineds)
    default:
      return fault(typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`)
  }
}

function faultInArray(array: readonly unknown[], depth: number, undefineds: Undefineds): Rising | undefined {
  for (let i = 0; i < array.length; i++) {
    const rising = faultIn(array[i], depth + 1, undefineds)
    if (rising) return Object.hasOwn(array, i) ? lifted(rising, array, i) : lifted(fault('a hole'), array, i)
  }
  if (Object.getPrototypeOf(array) !== Array.prototype) return fault(objectInWords(array))
  return Object.keys(array).length === array.length ? undefined : fault('an array with named members')
}

function faultInObject(object: object, depth: number, undefineds: Undefineds): Rising | undefined {
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype !== Object.prototype && prototype !== null) return fault(objectInWords(object))
  if (!isObject(object)) return undefined
  for (const key in object) {
    const member = object[key]
    if (typeof member === 'string') continue
    if (member === undefined && undefineds.allowed) {
      undefineds.met = true
      continue
    }
    const rising = faultIn(member, depth + 1, undefineds)
    if (rising && Object.hasOwn(object, key)) return lifted(rising, object, key)
  }
  return Object.getOwnPropertySymbols(object).length === 0 ? undefined : fault('a symbol as member name')
}

function fault(found: string): Rising {
  return { found, steps: [] }
}

function tooDeep(deepest: object): Rising {
  return { ...fault(`nesting of more than ${MAX_JSON_DEPTH} levels`), deepest }
}

/** One step up. When the object that was too deep is met above itself, it was a cycle. */
function lifted(rising: Rising, parent: object, step: string | number): Rising {
  rising.steps.push(step)
  if (rising.deepest === parent) rising.found = CYCLE
  return rising
}

function landed({ found, steps }: Rising, root: unknown): JsonFault {
  const path = steps.reverse()
  return { found, path: found === CYCLE ? toFirstRepeat(root, path) : path }
}

/** The part of a path that ends at the first object met twice. */
function toFirstRepeat(root: unknown, path: JsonPath): JsonPath {
  const met = new Set<unknown>()
  let value = root
  const end = path.findIndex((step) => {
    const isRepeat = met.has(value)
    met.add(value)
    value = isObject(value) ? value[step] : undefined
    return isRepeat
  })
  return end < 0 ? path : path.slice(0, end)
}

function numberInWords(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

function objectInWords(object: object): string {
  const maker: unknown = object.constructor
  const name = typeof maker === 'function' ? maker.name : ''
  return name === ''
    ? 'an object with a prototype of its own'
    : `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`
}

function withoutUndefined(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withoutUndefined)
  const kept = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutUndefined(member)]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
