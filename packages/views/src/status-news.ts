/**
 * News of how the views fare: told at once when a state or an error changed, and at most ten times a second when only
 * numbers did. The same list is given out until something changed.
 */
import type { Scheduler } from '@headwater/log'
import { createListeners } from './listeners.ts'
import type { ViewStatus } from './view.ts'

/** The news. */
export interface StatusNews {
  current(): readonly ViewStatus[]
  listen(listener: () => void): () => void
  /** Something may have changed. */
  note(): void
  stop(): void
}

const NUMBERS_EVERY_MS = 100
/** Numbers that fall by themselves, like a rate, are looked at again until they rest. */
const REST_EVERY_MS = 1_000

/** News of what `read` says. */
export function createStatusNews(read: () => readonly ViewStatus[], scheduler: Scheduler): StatusNews {
  const listeners = createListeners<[]>()
  let kept: readonly ViewStatus[] = []
  let keptText = ''
  // Apart from what is kept: who asks how things stand must not take the news from those who listen.
  let toldText = ''
  let toldStates = ''
  let next: { readonly dueMs: number; readonly cancel: () => void } | undefined
  let stopped = false
  const current = (): readonly ViewStatus[] => {
    const now = read()
    const text = JSON.stringify(now)
    if (text === keptText) return kept
    kept = now
    keptText = text
    return kept
  }
  /** What is due sooner takes the place of what was planned for later. */
  const later = (delayMs: number): void => {
    const dueMs = scheduler.elapsedMs() + delayMs
    if (stopped || (next && next.dueMs <= dueMs)) return
    next?.cancel()
    next = { dueMs, cancel: scheduler.after(delayMs, tell) }
  }
  const tell = (): void => {
    next?.cancel()
    next = undefined
    if (stopped) return
    const now = current()
    if (now.some(({ ratePerSecond }) => ratePerSecond > 0)) later(REST_EVERY_MS)
    if (keptText === toldText) return
    toldText = keptText
    toldStates = statesOf(now)
    listeners.tell()
  }
  return {
    current,
    listen: (listener) => listeners.add(listener),
    note() {
      if (stopped || listeners.size === 0) return
      if (statesOf(read()) === toldStates) later(NUMBERS_EVERY_MS)
      else tell()
    },
    stop() {
      stopped = true
      next?.cancel()
      listeners.clear()
    },
  }
}

function statesOf(statuses: readonly ViewStatus[]): string {
  return statuses.map(({ state, error }) => `${state} ${error?.message ?? ''}`).join('\n')
}
