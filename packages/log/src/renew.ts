/**
 * Writing on under another replica id, as pure functions: because what was written under the old one fell, or because another
 * log, a copy of this one, writes under it as well. An id that was given up is never taken again.
 */
import type { FinishedPlan } from './grouping.ts'
import type { Head } from './head.ts'
import type { ReplicaId } from './identity.ts'
import { withMarker } from './voiding.ts'

/** The head under the id that it takes, if it takes one. */
export function renewHead(head: Head, renewed: ReplicaId | undefined): Head {
  return renewed ? { ...head, replica: renewed, own: new Set([...head.own, renewed]) } : head
}

/**
 * Plans to write on under `fresh`. A marker that voids nothing goes behind the head, so that every tab, before it writes,
 * finds its belief stale and learns of it.
 */
export function planRenew(head: Head, fresh: ReplicaId): FinishedPlan {
  const plan = { records: [], head: renewHead(head, fresh) }
  return head.own.has(fresh) ? { ...plan, head } : withMarker(plan, [], [])
}
