/**
 * Presence as the page holds it: the others as the engine reports them, and this tab's own state, which is checked here and
 * told again to an engine that was started anew.
 */
import { checkJson, HeadwaterError, type Json, pathToText } from '@headwater/log'
import { MAX_PRESENCE_BYTES, type Presence, type PresenceEntry } from '../../presence.ts'
import type { PresenceReport } from '../../protocol.ts'
import type { AskEngine } from '../../sync-spec.ts'
import { createShown } from './shown.ts'

/** The page's side of presence. */
export interface PresenceFace {
  readonly face: Presence
  readonly heard: (report: PresenceReport) => void
  readonly connect: () => void
  readonly disconnect: () => void
}

const SILENCE_MS = 10_000

/** Nobody is known yet, and nothing shown. */
export function createPresenceFace(ask: AskEngine): PresenceFace {
  const others = new Map<string, PresenceEntry>()
  const shown = createShown<readonly PresenceEntry[]>([])
  let own: string | undefined
  const tell = (): void => {
    // What is lost with an engine is told to the next one by `connect`.
    ask('present', { text: own }, { silenceMs: SILENCE_MS }).catch(() => undefined)
  }
  return {
    face: {
      get: shown.get,
      subscribe: shown.subscribe,
      set: (state) => {
        own = state === undefined ? undefined : toText(state)
        tell()
      },
    },
    heard: ({ changed, gone }) => {
      for (const { tab, state } of changed) others.set(tab, Object.freeze({ tab, state }))
      for (const tab of gone) others.delete(tab)
      shown.show(Object.freeze([...others.values()]))
    },
    connect: () => {
      if (own !== undefined) tell()
    },
    disconnect: () => {
      if (others.size === 0) return
      others.clear()
      shown.show([])
    },
  }
}

function toText(state: Json): string {
  const fault = checkJson(state)
  if (fault) throw refused(`it holds ${fault.found} at ${pathToText(fault.path)}`, 'Show plain JSON.')
  const text = JSON.stringify(state)
  const bytes = new TextEncoder().encode(text).length
  if (bytes > MAX_PRESENCE_BYTES)
    throw refused(
      `it has ${bytes} bytes`,
      `Show at most ${MAX_PRESENCE_BYTES} bytes: what is large belongs in events.`,
    )
  return text
}

function refused(why: string, hint: string): HeadwaterError {
  return new HeadwaterError('PRESENCE_INVALID', `The presence state is refused: ${why}.`, { hint })
}
