/**
 * JSON text there and back, also of values nested deeper than `JSON.stringify` can go. The engine's own stringification
 * is used wherever it does; only when it runs out of stack is the text put together here, by an explicit stack, to the
 * same characters.
 */
import type { Json } from '@headwater/log'

interface OpenValue {
  /** Member names of an object, nothing for an array. */
  readonly names: readonly string[] | undefined
  readonly members: readonly Json[]
  next: number
}

/** What `JSON.stringify` gives for a JSON value, at any depth. */
export function stringifyJson(value: Json): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return stringifyDeep(value)
  }
}

/** The value of a JSON text; nothing when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function stringifyDeep(root: Json): string {
  const parts: string[] = []
  const stack: OpenValue[] = []
  begin(root, parts, stack)
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    if (top.next === top.members.length) {
      parts.push(top.names ? '}' : ']')
      stack.pop()
      continue
    }
    const at = top.next++
    if (at > 0) parts.push(',')
    if (top.names) parts.push(JSON.stringify(top.names[at]!), ':')
    begin(top.members[at]!, parts, stack)
  }
  return parts.join('')
}

function begin(value: Json, parts: string[], stack: OpenValue[]): void {
  if (typeof value !== 'object' || value === null) {
    parts.push(JSON.stringify(value))
    return
  }
  const names = Array.isArray(value) ? undefined : Object.keys(value)
  parts.push(names ? '{' : '[')
  stack.push({ names, members: Object.values(value), next: 0 })
}
