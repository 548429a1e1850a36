/**
 * Word that a handle's log voided commits because they could not stand, or was bound to a workspace: every session of that log
 * compares anew, since what was said in it does not hold any more. Only one handle of a log replicates at a time (the
 * leader's), so the word need not leave it.
 */
import type { Log } from '@headwater/log'

const listeners = new WeakMap<Log, Set<() => void>>()

/** Calls back after each revision of the log by this handle. */
export function onRevision(log: Log, listener: () => void): () => void {
  const own = (): void => listener()
  const ofLog = listeners.get(log) ?? new Set()
  listeners.set(log, ofLog.add(own))
  return () => ofLog.delete(own)
}

/** Says that the log was revised. */
export function tellRevision(log: Log): void {
  for (const listener of Array.from(listeners.get(log) ?? [])) listener()
}
