/**
 * Presence of one tab: says its own state when it changed, when somebody asks, and every ten seconds; keeps those of the
 * others until they have been silent for too long. How words travel is the business of who hands in `say`.
 */
import { drawId, type LogId, type Random, type Scheduler } from '@headwater/log'
import type { PresenceReport } from '../../protocol.ts'
import { createGathered } from './gathered.ts'
import { createOthers } from './others.ts'
import { encodePresence, parsePresence } from './presence-bytes.ts'

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
/** How often silence is looked for. */
const LOOK_EVERY_MS = 2_500

/** Nobody is known, nothing is shown. */
export function createTabPresence({ random, scheduler, say, report }: TabPresenceOptions): TabPresence {
  const own = drawId<LogId>(random)
  const others = createOthers(scheduler, report)
  let text: string | undefined
  let saidMs = 0
  let stopLooking = (): void => undefined

  const sayState = (): void => {
    saidMs = scheduler.elapsedMs()
    say(encodePresence(text === undefined ? 'gone' : 'state', own, text))
  }
  const saying = createGathered(scheduler, { everyMs: SAY_EVERY_MS, leastMs: 0 }, sayState)
  const lookAround = (): void => {
    others.forgetSilent()
    if (text !== undefined && scheduler.elapsedMs() - saidMs >= SAY_AGAIN_MS) saying.soon()
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
      if (word.type === 'state') others.show(word)
      else if (word.type === 'gone') others.forget(word.tab)
      else if (text !== undefined) saying.soon()
    },
    ask: () => {
      say(encodePresence('who', own))
      if (text !== undefined) saying.soon()
    },
    close: () => {
      stopLooking()
      saying.close()
      others.close()
      if (text !== undefined) say(encodePresence('gone', own))
    },
  }
}
