/**
 * Presence of one tab: says its own state when it changed, when somebody asks, and every ten seconds; keeps those of the
 * others until they have been silent for too long. How words travel is the business of who hands in `say`.
 */
import { drawId, type LogId, type Random, type Scheduler } from '@headwater/log'
import type { PresenceEntry } from '../../presence.ts'
import type { PresenceReport } from '../../protocol.ts'
import { createGathered } from './gathered.ts'
import { encodePresence, type PresenceWord, parsePresence } from './presence-bytes.ts'

/** What it is given. */
export interface TabPresenceOptions {
  readonly random: Random
  readonly scheduler: Scheduler
  /** To all tabs, and by who leads to all peers. */
  readonly say: (bytes: Uint8Array) => void
  readonly report: (report: PresenceReport) => void
}

/** Presence of one tab. */
export interface TabPresence {
  /** Shows a state, given as JSON, or none. */
  readonly present: (text: string | undefined) => void
  readonly heard: (bytes: Uint8Array) => void
  /** Asks who is here, and says who is here. */
  readonly ask: () => void
  /** Says that it goes. */
  readonly close: () => void
}

/** Changes of a tab that travel in a second: 10. */
const SAY_EVERY_MS = 100
const SAY_AGAIN_MS = 10_000
/** Gone within 30 s of silence: looked for every 2.5. */
const FORGET_MS = 25_000
const LOOK_EVERY_MS = 2_500
const REPORT_EVERY_MS = 16
/** Others who are kept; more are not shown (R6). */
export const MAX_OTHERS = 1_000

/** Nobody is known, nothing is shown. */
export function createTabPresence({ random, scheduler, say, report }: TabPresenceOptions): TabPresence {
  const own = drawId<LogId>(random)
  const heardAtMs = new Map<string, number>()
  const changed = new Map<string, PresenceEntry>()
  const gone = new Set<string>()
  let text: string | undefined
  let saidMs = 0
  let stopLooking = (): void => undefined

  const sayState = (): void => {
    saidMs = scheduler.elapsedMs()
    say(encodePresence(text === undefined ? 'gone' : 'state', own, text))
  }
  const saying = createGathered(scheduler, { everyMs: SAY_EVERY_MS, leastMs: 0 }, sayState)
  const reporting = createGathered(scheduler, { everyMs: REPORT_EVERY_MS, leastMs: 0 }, () => {
    report({ type: 'presence', changed: [...changed.values()], gone: [...gone] })
    changed.clear()
    gone.clear()
  })
  const show = ({ tab, state }: Extract<PresenceWord, { type: 'state' }>): void => {
    if (!heardAtMs.has(tab) && heardAtMs.size >= MAX_OTHERS) return
    heardAtMs.set(tab, scheduler.elapsedMs())
    changed.set(tab, { tab, state })
    gone.delete(tab)
    reporting.soon()
  }
  const forget = (tab: string): void => {
    if (!heardAtMs.delete(tab)) return
    changed.delete(tab)
    gone.add(tab)
    reporting.soon()
  }
  const lookAround = (): void => {
    const nowMs = scheduler.elapsedMs()
    for (const [tab, heardMs] of heardAtMs) if (nowMs - heardMs >= FORGET_MS) forget(tab)
    if (text !== undefined && nowMs - saidMs >= SAY_AGAIN_MS) saying.soon()
    stopLooking = scheduler.after(LOOK_EVERY_MS, lookAround)
  }
  lookAround()
  return {
    present: (next) => {
      if (next === text) return
      text = next
      saying.soon()
    },
    heard: (bytes) => {
      const word = parsePresence(bytes)
      if (word === undefined || word.tab === own) return
      if (word.type === 'state') show(word)
      else if (word.type === 'gone') forget(word.tab)
      else if (text !== undefined) saying.soon()
    },
    ask: () => {
      say(encodePresence('who', own))
      if (text !== undefined) saying.soon()
    },
    close: () => {
      stopLooking()
      saying.close()
      reporting.close()
      if (text !== undefined) say(encodePresence('gone', own))
    },
  }
}
