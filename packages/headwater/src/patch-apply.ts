/**
 * The page's half of live answers: builds the next answer from the one before and a patch, keeping the reference of
 * everything that is equal (D3), rows and their members alike. `patch-diff.ts` is the engine's half; the naive twin of
 * both together is the next answer itself.
 */
import { isMembers } from './canonical.ts'
import type { Patch } from './protocol.ts'

/** The next answer. Throws `RangeError` when the patch does not fit `previous`. */
export function applyPatch(previous: unknown, patch: Patch): unknown {
  switch (patch.type) {
    case 'value':
      return share(previous, patch.value)
    case 'members':
      return applyMembers(previous, patch.members)
    case 'list':
      return applyRuns(previous, patch.runs, patch.values)
  }
}

function applyMembers(previous: unknown, members: Readonly<Record<string, Patch>>): unknown {
  if (!isMembers(previous)) throw misfit()
  const next = { ...previous }
  for (const [name, patch] of Object.entries(members)) next[name] = applyPatch(previous[name], patch)
  return next
}

function applyRuns(previous: unknown, runs: readonly number[], values: readonly unknown[]): unknown {
  if (!Array.isArray(previous)) throw misfit()
  const next: unknown[] = []
  let taken = 0
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const start = runs[i] ?? 0
    const count = runs[i + 1] ?? 0
    if (start >= 0 && start + count > previous.length) throw misfit()
    for (let at = 0; at < count; at++) {
      // A new value stands most often where its older self stood, whose equal members it then keeps.
      next.push(start >= 0 ? previous[start + at] : share(previous[next.length], values[taken++]))
    }
  }
  return next
}

function misfit(): RangeError {
  return new RangeError('a patch does not fit the answer before')
}

/** `next`, with every part that equals its counterpart in `previous` replaced by that very part. */
export function share(previous: unknown, next: unknown): unknown {
  if (Object.is(previous, next)) return previous
  if (Array.isArray(previous) && Array.isArray(next)) return shareList(previous, next)
  if (isMembers(previous) && isMembers(next)) return shareMembers(previous, next)
  return next
}

function shareList(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  const shared = next.map((value, at) => share(previous[at], value))
  const same =
    previous.length === shared.length && shared.every((value, at) => Object.is(value, previous[at]))
  return same ? previous : shared
}

/** `Object.fromEntries` defines members, so that one called `__proto__` is a member like any other. */
function shareMembers(previous: Record<string, unknown>, next: Record<string, unknown>): unknown {
  const names = Object.keys(next)
  const pick = (name: string): unknown =>
    Object.hasOwn(previous, name) ? share(previous[name], next[name]) : next[name]
  const shared = Object.fromEntries(names.map((name) => [name, pick(name)]))
  const isSame = (name: string): boolean =>
    Object.hasOwn(previous, name) && Object.is(shared[name], previous[name])
  return names.length === Object.keys(previous).length && names.every(isSame) ? previous : shared
}
