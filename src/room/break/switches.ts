/**
 * The page's side of the switches that break folds: which are on, told to this tab's worker, and again to the one that
 * takes its place. Messages to a worker arrive in order: what is appended after a switch is folded with it.
 */
import { useSyncExternalStore } from 'react'
import type { SwitchMessage } from './breakable.ts'

let broken: readonly string[] = []
let worker: Worker | undefined
const listeners = new Set<() => void>()

/** Hands the switches to a new worker. */
export function sendSwitchesTo(next: Worker): Worker {
  worker = next
  if (broken.length > 0) send()
  return next
}

export function setBroken(view: string, isOn: boolean): void {
  const others = broken.filter((name) => name !== view)
  broken = isOn ? [...others, view] : others
  send()
  for (const listener of listeners) listener()
}

function send(): void {
  const message: SwitchMessage = { broken }
  worker?.postMessage(message)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useIsBroken = (view: string): boolean =>
  useSyncExternalStore(subscribe, () => broken.includes(view))
