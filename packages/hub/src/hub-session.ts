/**
 * One session of the hub: the protocol's own session, with the hub's judgement of who may come in and a look at the token at
 * every message. It ends by name when the token expires or is revoked, when a newer session takes over, or with the hub.
 */
import { HeadwaterError, type ReplicaId } from '@headwater/log'
import {
  type Connection,
  type Hello,
  openSession,
  type Party,
  type ResumeToken,
  type Session,
  type SessionEvents,
  type StreamId,
} from '@headwater/replication'
import { type Access, type Authenticate, forbidden, insistOnAccess, unauthorized } from './auth/access.ts'
import { type Revocations, revoked } from './auth/revocations.ts'
import type { HubLimits } from './hub-limits.ts'
import type { HubLog } from './hub-log.ts'
import { createHubSource } from './hub-source.ts'
import type { HubConnection, Member, Members } from './members.ts'
import type { HubMetrics } from './metrics.ts'
import type { HubPlatform } from './platform.ts'
import { type HubStore, START } from './store/store.ts'
import type { LiveWorkspace, Workspaces } from './workspaces.ts'

/** What all sessions of a hub stand on. */
export interface HubParts {
  readonly store: HubStore
  readonly workspaces: Workspaces
  readonly members: Members
  readonly authenticate: Authenticate
  readonly revocations: Revocations
  readonly limits: HubLimits
  readonly metrics: HubMetrics
  readonly log: HubLog
  readonly platform: HubPlatform
}

/** A session, as the hub keeps it. */
export interface HubSession {
  readonly session: Session
  readonly connection: HubConnection
  /** Ends it if its token does not hold any more. */
  readonly check: () => void
}

/** What is known once a session was let in. */
interface Entered {
  readonly member: Member
  readonly workspace: LiveWorkspace
}

/** What changes while a session runs. */
interface Running {
  entered: Entered | undefined
  isOver: boolean
}

/** Runs a session over a connection. */
export function openHubSession(connection: HubConnection, address: string, hub: HubParts): HubSession {
  const { clock, scheduler } = hub.platform
  const running: Running = { entered: undefined, isOver: false }
  const check = (): boolean => {
    const error = running.entered && whyNoLonger(running.entered.member.access, hub)
    if (error) session.close(error, 'never')
    return error === undefined
  }
  const greeted = scheduler.after(hub.limits.helloMs, () =>
    session.close(silent(hub.limits.helloMs), 'later'),
  )
  const admit = async (hello: Hello): Promise<Party> => {
    greeted()
    const access = await hub.authenticate({ ...hello, address })
    await insistOnReplica(access, hello, hub)
    const workspace = await hub.workspaces.enter(hello.workspace)
    const member = { workspace: workspace.name, replica: hello.replica, access, session, connection }
    running.entered = enter({ member, workspace }, hub)
    if (running.isOver) leave(running.entered, hub)
    return partyOf(running.entered, hello.stream, hub)
  }
  const ended = (error: HeadwaterError): void => {
    running.isOver = true
    greeted()
    const { entered } = running
    hub.metrics.ended.inc({ code: error.code })
    const facts = { workspace: entered?.member.workspace, replica: entered?.member.replica }
    hub.log.info({ code: error.code, address, ...facts }, error.message)
    if (entered) leave(entered, hub)
  }
  const session: Session = openSession({
    connection: guarded(connection, check),
    role: 'hub',
    admit,
    clock,
    scheduler,
    events: { ...createEvents(running, hub), ended: ({ error }) => ended(error) },
  })
  return { session, connection, check: () => void check() }
}

function createEvents(running: Running, hub: HubParts): SessionEvents {
  return {
    acknowledged(position) {
      if (!running.entered || position === undefined) return
      const { workspace, replica } = running.entered.member
      hub.store.acknowledge(workspace, { replica, position, seenAtMs: hub.platform.clock.now() })
    },
    presence(state) {
      if (running.entered) hub.members.present(running.entered.member, state)
    },
  }
}

function enter(entered: Entered, hub: HubParts): Entered {
  try {
    hub.members.enter(entered.member)
    return entered
  } catch (cause) {
    hub.workspaces.leave(entered.workspace)
    throw cause
  }
}

function leave({ member, workspace }: Entered, hub: HubParts): void {
  hub.members.leave(member)
  hub.workspaces.leave(workspace)
}

/** Holds the access against the workspace, the replica against its owner. Errors: `UNAUTHORIZED`, `FORBIDDEN`, `REVOKED`. */
async function insistOnReplica(access: Access, hello: Hello, hub: HubParts): Promise<void> {
  insistOnAccess(access, hello.workspace)
  const error = whyNoLonger(access, hub)
  if (error) throw error
  const owner = await hub.store.subjectOf(hello.workspace, hello.replica)
  if (!access.isOpen && owner !== undefined && owner !== access.subject)
    throw forbidden('its replica is another’s')
}

function whyNoLonger(access: Access, { revocations, platform }: HubParts): HeadwaterError | undefined {
  if (revocations.isRevoked(access)) return revoked()
  const isExpired = access.expiresAtMs !== undefined && access.expiresAtMs <= platform.clock.now()
  return isExpired ? unauthorized('it has expired') : undefined
}

function partyOf({ member, workspace }: Entered, stream: StreamId, hub: HubParts): Party {
  const { store, limits, metrics, platform } = hub
  const { access, replica } = member
  const source = createHubSource({
    store,
    workspace,
    access,
    replica,
    clock: platform.clock,
    maxCommitBytes: limits.commitBytes,
    onAppended(outcomes, elapsedMs) {
      for (const { type } of outcomes) metrics.commits.inc({ outcome: type })
      metrics.appendSeconds.observe(elapsedMs / 1_000)
    },
    elapsedMs: () => platform.scheduler.elapsedMs(),
  })
  return {
    source,
    workspace: workspace.name,
    limits,
    recall: async (of) => {
      const token = of && (await store.recall(workspace.name, of))
      return token && token.mark.length > 0 ? token : undefined
    },
    remember: (token) => store.remember(workspace.name, token ?? forgotten(stream)),
    resolveFork: (fork) => neverGivesWay(fork),
    resolveStamps: (stamps) => neverGivesWay(stamps),
  }
}

/** What stands for a token that does not hold any more. */
function forgotten(stream: StreamId): ResumeToken {
  return { stream, position: START, mark: new Uint8Array(0) }
}

function silent(ms: number): HeadwaterError {
  return new HeadwaterError('PEER_SILENT', `No hello came within ${ms} ms.`, { hint: 'It is tried again.' })
}

/** The hub's branch stands and it writes nothing, so that nothing of its own can be refused. */
async function neverGivesWay(replica: ReplicaId): Promise<void> {
  throw new HeadwaterError('INTERNAL', `The hub was asked to give way to ${replica}.`, {
    hint: 'This is a bug: please report it.',
  })
}

/** A connection whose frames are only heard while `mayHear`. */
function guarded(connection: HubConnection, mayHear: () => boolean): Connection {
  return {
    send: (frame) => connection.send(frame),
    close: (code) => connection.close(code),
    listen: ({ frame, ended }) =>
      connection.listen({
        frame: (bytes) => {
          if (mayHear()) frame(bytes)
        },
        ended,
      }),
  }
}
