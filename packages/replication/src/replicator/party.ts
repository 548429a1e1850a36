/**
 * The party that a log sends into a session: its source, what it remembers of the peer, and what it does about forks and
 * clocks. Made anew for each connection, with a fresh token.
 */
import type { Log, WallClock } from '@headwater/log'
import { peerError } from '../codes.ts'
import { MAX_PEER_DRIFT_MS, MAX_TOKEN_BYTES } from '../limits.ts'
import type { Hello } from '../messages.ts'
import type { Party } from '../session/options.ts'
import type { Epoch } from './epoch.ts'
import { createLogSource } from './log-source.ts'
import type { Notebook } from './notebook.ts'
import { followClock, resolveFork, resolveStamps } from './resolve.ts'
import { bindWorkspace, chooseWorkspace, isWorkspaceName, noSuchWorkspace } from './workspace.ts'

/** What a party is made of. */
export interface LogPartyOptions {
  readonly log: Log
  readonly role: 'client' | 'peer'
  readonly workspace?: string
  readonly token?: () => string | Promise<string>
  readonly epoch: Epoch
  readonly clock: WallClock
  readonly notebook: Notebook
  /** See `LogSourceOptions`. */
  readonly cameDamaged: Set<string>
}

/** The party, and how it judges who answers. */
export interface LogParty {
  readonly party: Party
  readonly admit: (hello: Hello) => Promise<Party>
}

/**
 * Makes ready for a connection. Errors: `WORKSPACE_MISMATCH`, `FORBIDDEN` for what can be no workspace, `UNAUTHORIZED` for a
 * token that no hello can carry, what `token` throws, the reason of `signal`.
 */
export async function createLogParty(options: LogPartyOptions, signal: AbortSignal): Promise<LogParty> {
  const { log, role, epoch, clock, notebook, cameDamaged } = options
  const { workspace: wanted = '' } = options
  if (role === 'client' && wanted !== '' && !isWorkspaceName(wanted)) throw noSuchWorkspace(wanted)
  const workspace = await chooseWorkspace(log, wanted, epoch)
  const token = options.token ? await fetchToken(options.token, signal) : ''
  let aheadMs = 0
  const maxDriftMs = (): number => MAX_PEER_DRIFT_MS + aheadMs
  const party: Party = {
    source: createLogSource(log, { epoch, maxDriftMs, cameDamaged }),
    workspace,
    token,
    recall: async (stream) => {
      const { resume } = notebook.progress
      return stream === undefined || stream === resume?.stream ? resume : undefined
    },
    remember: (resume) => notebook.note({ resume }),
    resolveFork: (replica, after) => resolveFork(log, replica, after, epoch),
    resolveStamps: (replica, after, hubTimeMs) =>
      resolveStamps(log, { replica, after, hubTimeMs }, clock, epoch),
  }
  const admit = async (hello: Hello): Promise<Party> => {
    const agreed = await bindWorkspace(log, { ours: workspace, theirs: hello.workspace }, epoch)
    if (role === 'client') {
      // A hub takes no stamp over 5 minutes ahead of its own time: what it sends is judged by that, not by this clock.
      aheadMs = Math.max(0, hello.timeMs - clock.now())
      await followClock(log, hello.timeMs, clock, epoch)
    }
    return { ...party, workspace: agreed }
  }
  return { party, admit }
}

async function fetchToken(ask: () => string | Promise<string>, signal: AbortSignal): Promise<string> {
  const token = await unlessAborted(ask(), signal)
  const bytes = new TextEncoder().encode(token).length
  if (bytes <= MAX_TOKEN_BYTES) return token
  throw peerError(
    'UNAUTHORIZED',
    `The token has ${bytes} bytes, more than the ${MAX_TOKEN_BYTES} of a hello.`,
  )
}

/** A wait that the signal ends, whatever becomes of it. */
function unlessAborted<T>(value: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason)
    if (signal.aborted) return giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    Promise.resolve(value)
      .finally(() => signal.removeEventListener('abort', giveUp))
      .then(resolve, reject)
  })
}
