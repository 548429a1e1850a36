/**
 * The other tabs that are here, as far as they were heard, told to the page as differences. Who is silent for too long is
 * forgotten; more than a thousand are not kept (R6).
 */
import type { Scheduler } from '@headwater/log'
import type { PresenceEntry } from '../../presence.ts'
import type { PresenceReport } from '../../protocol.ts'
import { createGathered } from './gathered.ts'

/** The others. */
export interface Others {
  readonly show: (entry: PresenceEntry) => void
  readonly forget: (tab: string) => void
  /** Forgets who has not been heard for too long. */
  readonly forgetSilent: () => void
  readonly close: () => void
}

/** With looks every 2.5 s, who falls silent is gone within 30 s. */
const FORGET_MS = 25_000
const REPORT_EVERY_MS = 16
export const MAX_OTHERS = 1_000

/** Nobody is known. */
export function createOthers(scheduler: Scheduler, report: (report: PresenceReport) => void): Others {
  const heardAtMs = new Map<string, number>()
  const changed = new Map<string, PresenceEntry>()
  const gone = new Set<string>()
  const reporting = createGathered(scheduler, { everyMs: REPORT_EVERY_MS, leastMs: 0 }, () => {
    report({ type: 'presence', changed: [...changed.values()], gone: [...gone] })
    changed.clear()
    gone.clear()
  })
  const forget = (tab: string): void => {
    if (!heardAtMs.delete(tab)) return
    changed.delete(tab)
    gone.add(tab)
    reporting.soon()
  }
  return {
    show: ({ tab, state }) => {
      if (!heardAtMs.has(tab) && heardAtMs.size >= MAX_OTHERS) return
      heardAtMs.set(tab, scheduler.elapsedMs())
      changed.set(tab, { tab, state })
      gone.delete(tab)
      reporting.soon()
    },
    forget,
    forgetSilent: () => {
      const nowMs = scheduler.elapsedMs()
      for (const [tab, heardMs] of heardAtMs) if (nowMs - heardMs >= FORGET_MS) forget(tab)
    },
    close: reporting.close,
  }
}
