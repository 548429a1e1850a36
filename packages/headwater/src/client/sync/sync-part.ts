/**
 * The page's part of syncing: what the engine reports is shown, what the app asks is passed on, and tokens are fetched where
 * the app's function for them lives.
 */
import { errorToData, HeadwaterError, isHeadwaterError } from '@headwater/log'
import type { TokenAnswer } from '../../protocol.ts'
import type { Sync, SyncStatus } from '../../sync.ts'
import type { AskEngine, SyncPart } from '../../sync-spec.ts'
import { createPresenceFace } from './presence-face.ts'
import { createShown } from './shown.ts'

const SILENCE_MS = 20_000
const REACHED_DEADLINE_MS = 30_000
/** The engine keeps deadlines; the page's own are for an engine that hangs, and come this much later. */
const PATIENCE_MS = 1_000

/** Makes the part. */
export function createSyncPart(
  ask: AskEngine,
  token: (() => string | Promise<string>) | undefined,
): SyncPart {
  const shown = createShown<SyncStatus>(NOTHING_KNOWN)
  const presence = createPresenceFace(ask)
  const call = { silenceMs: SILENCE_MS }
  const sync: Sync = {
    get: shown.get,
    subscribe: shown.subscribe,
    pause: (reason = 'paused by the app') => ask('pauseSync', { reason }, call),
    resume: () => ask('resumeSync', undefined, call),
    reached: (receipt, _hub, { deadlineMs = REACHED_DEADLINE_MS, signal } = {}) =>
      ask('reached', { receipt, deadlineMs }, { silenceMs: deadlineMs + PATIENCE_MS, signal }),
  }
  const answerToken = async (id: number): Promise<void> => {
    const answer = await fetchToken(token)
    await ask('giveToken', { id, answer }, call)
  }
  return {
    sync,
    presence: presence.face,
    heard: (report) => {
      if (report.type === 'sync') shown.show(Object.freeze(report.status))
      else if (report.type === 'presence') presence.heard(report)
      // An engine that died meanwhile asks anew when it is back.
      else answerToken(report.id).catch(() => undefined)
    },
    mayDestroy: () => ask('mayDestroy', undefined, call),
    connect: presence.connect,
    disconnect: presence.disconnect,
    fail: () => {
      presence.disconnect()
      shown.show({ ...shown.get(), state: 'offline', retryInMs: undefined, leads: false })
    },
  }
}

async function fetchToken(token: (() => string | Promise<string>) | undefined): Promise<TokenAnswer> {
  try {
    const value: unknown = await token?.()
    if (typeof value === 'string') return { type: 'token', token: value }
    throw new TypeError('it gave no string')
  } catch (cause) {
    const error = isHeadwaterError(cause) ? cause : noToken(cause)
    return { type: 'failed', error: errorToData(error) }
  }
}

function noToken(cause: unknown): HeadwaterError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new HeadwaterError('HUB_UNREACHABLE', `The app's \`token\` failed: ${why}.`, {
    hint: 'It is tried again; to stop trying, throw a HeadwaterError with the code UNAUTHORIZED.',
    cause,
  })
}

const NOTHING_KNOWN: SyncStatus = Object.freeze({
  state: 'offline',
  reason: undefined,
  error: undefined,
  sent: 0,
  received: 0,
  pending: 0,
  refused: [],
  retryInMs: undefined,
  leads: false,
})
