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
  let shown: readonly ViewStatus[] = []
  let shownText = ''
  let toldText = ''
  let toldStates = ''
  let cancel: (() => void) | undefined
  let stopped = false
  const look = (): readonly ViewStatus[] => {
    const now = read()
    const text = JSON.stringify(now)
    if (text !== shownText) shown = now
    shownText = text
    return shown
  }
  /** What listeners know from now on; false when they knew it. Who only looks takes no news from them. */
  const takeNews = (): boolean => {
    const now = look()
    if (shownText === toldText) return false
    toldText = shownText
    toldStates = statesOf(now)
    return true
  }
  const later = (delayMs: number): void => {
    if (stopped || cancel) return
    cancel = scheduler.after(delayMs, () => {
      cancel = undefined
      tell()
    })
  }
  const tell = (): void => {
    if (stopped || !takeNews()) return
    if (shown.some(({ ratePerSecond }) => ratePerSecond > 0)) later(REST_EVERY_MS)
    listeners.tell()
  }
  return {
    current: look,
    listen(listener) {
      if (listeners.size === 0) takeNews()
      return listeners.add(listener)
    },
    note() {
      if (stopped || listeners.size === 0) return
      if (statesOf(read()) === toldStates) return later(NUMBERS_EVERY_MS)
      cancel?.()
      cancel = undefined
      tell()
    },
    stop() {
      stopped = true
      cancel?.()
      listeners.clear()
    },
  }
}

function statesOf(statuses: readonly ViewStatus[]): string {
  return statuses.map(({ state, error }) => `${state} ${error?.message ?? ''}`).join('\n')
}
