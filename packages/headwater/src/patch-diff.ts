/**
 * The engine's half of live answers: says how an answer differs from the one sent before, so that a list of a thousand
 * rows of which one changed crosses to the page as one row. Equal answers differ by nothing, which is what keeps a live
 * query silent (D3). `patch-apply.ts` is the page's half.
 */
import { sameJson } from '@headwater/log'
import { isMembers } from './canonical.ts'
import type { Patch } from './protocol.ts'

/** How `next` differs from `previous`; nothing when they are equal. */
export function diffAnswers(previous: unknown, next: unknown): Patch | undefined {
  if (sameJson(previous, next)) return undefined
  if (Array.isArray(previous) && Array.isArray(next)) return diffLists(previous, next)
  if (isMembers(previous) && isMembers(next)) return diffMembers(previous, next)
  return { type: 'value', value: next }
}

/** By member where both have the same ones and one is a list; a row is sent whole, its references are shared there. */
function diffMembers(previous: Record<string, unknown>, next: Record<string, unknown>): Patch {
  const names = Object.keys(next)
  const alike =
    names.length === Object.keys(previous).length && names.every((name) => Object.hasOwn(previous, name))
  if (!alike || Object.hasOwn(next, '__proto__') || !names.some((name) => Array.isArray(next[name]))) {
    return { type: 'value', value: next }
  }
  const patches = names.flatMap((name) => {
    const patch = diffAnswers(previous[name], next[name])
    return patch ? [[name, patch] as const] : []
  })
  return { type: 'members', members: Object.fromEntries(patches) }
}

function diffLists(previous: readonly unknown[], next: readonly unknown[]): Patch {
  const head = countEqual(previous, next, (at) => at)
  const rest = Math.min(previous.length, next.length) - head
  const tail = Math.min(
    rest,
    countEqual(previous, next, (at, list) => list.length - 1 - at),
  )
  const find = createFinder(previous, head, previous.length - tail)
  const runs = createRuns()
  runs.keep(0, head)
  for (let at = head; at < next.length - tail; at++) {
    const found = find(next[at])
    if (found === undefined) runs.put(next[at])
    else runs.keep(found, 1)
  }
  runs.keep(previous.length - tail, tail)
  return { type: 'list', runs: runs.runs, values: runs.values }
}

function countEqual(
  a: readonly unknown[],
  b: readonly unknown[],
  place: (at: number, list: readonly unknown[]) => number,
): number {
  const most = Math.min(a.length, b.length)
  let count = 0
  while (count < most && sameJson(a[place(count, a)], b[place(count, b)])) count++
  return count
}

/** Finds a value among `list[from, to)`: by reference, since rows in memory keep theirs, else by its text. */
function createFinder(
  list: readonly unknown[],
  from: number,
  to: number,
): (value: unknown) => number | undefined {
  const places = new Map<unknown, number>()
  let texts: Map<string, number> | undefined
  for (let at = from; at < to; at++) places.set(list[at], at)
  const textsOf = (): Map<string, number> => {
    const made = new Map<string, number>()
    for (let at = from; at < to; at++) made.set(JSON.stringify(list[at]), at)
    return made
  }
  return (value) => {
    const place = places.get(value)
    if (place !== undefined || typeof value !== 'object') return place
    texts ??= textsOf()
    return texts.get(JSON.stringify(value))
  }
}

interface Runs {
  readonly runs: number[]
  readonly values: unknown[]
  keep(start: number, count: number): void
  put(value: unknown): void
}

/** Collects runs, joining neighbours. */
function createRuns(): Runs {
  const runs: number[] = []
  const values: unknown[] = []
  const extend = (start: number, count: number): void => {
    const last = runs.length - 2
    const lastStart = runs[last] ?? 0
    const lastCount = runs[last + 1] ?? 0
    const follows = start < 0 ? lastStart < 0 : lastStart >= 0 && lastStart + lastCount === start
    if (last >= 0 && follows) runs[last + 1] = lastCount + count
    else runs.push(start, count)
  }
  return {
    runs,
    values,
    keep: (start, count) => {
      if (count > 0) extend(start, count)
    },
    put: (value) => {
      values.push(value)
      extend(-1, 1)
    },
  }
}
