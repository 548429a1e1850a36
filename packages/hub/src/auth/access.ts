/**
 * What a token gives: who its bearer is, which workspaces are open to it, and what may be done there. An `Authenticate` turns
 * a token into this or refuses it by name; the hub asks once at a session's hello and holds the answer against the clock and
 * the revocations at every message.
 */
import { HeadwaterError, type ReplicaId } from '@headwater/log'
import { isWorkspaceName, noSuchWorkspace } from '@headwater/replication'
import { MAX_SUBJECT_BYTES } from '../store/envelope.ts'

/** What may be done in a workspace. `relay`: bring commits of other subjects, which a hub has stamped before. */
export type Right = 'read' | 'append' | 'relay'

/** What a token gives. */
export interface Access {
  readonly subject: string
  /** Names of workspaces; `*` is every one. */
  readonly workspaces: readonly string[]
  readonly rights: ReadonlySet<Right>
  /** Milliseconds since 1970; undefined for what is no token. */
  readonly issuedAtMs: number | undefined
  readonly expiresAtMs: number | undefined
  /** Whether there are no subjects to tell apart (a hub without authentication, on loopback). */
  readonly isOpen: boolean
}

/** What is asked with a token. */
export interface AccessRequest {
  readonly token: string
  readonly workspace: string
  readonly replica: ReplicaId
  /** Where the connection comes from. */
  readonly address: string
}

/** Turns a token into access. Errors: `UNAUTHORIZED`, or any `HeadwaterError` that the session is to end with. */
export type Authenticate = (request: AccessRequest) => Promise<Access>

/** Everybody is the same one and may do everything; only for loopback. */
export const openAccess: Authenticate = async () => ({
  subject: 'anyone',
  workspaces: ['*'],
  rights: new Set<Right>(['read', 'append', 'relay']),
  issuedAtMs: undefined,
  expiresAtMs: undefined,
  isOpen: true,
})

/** Holds access against the workspace that is asked for. Errors: `UNAUTHORIZED`, `FORBIDDEN`. */
export function insistOnAccess({ subject, workspaces, rights }: Access, workspace: string): void {
  const bytes = new TextEncoder().encode(subject).length
  if (bytes < 1 || bytes > MAX_SUBJECT_BYTES) throw unauthorized('its subject is empty or too long')
  if (!isWorkspaceName(workspace)) throw noSuchWorkspace(workspace)
  if (!workspaces.includes('*') && !workspaces.includes(workspace))
    throw forbidden('it is not for this workspace')
  if (!rights.has('read')) throw forbidden('it does not allow to read')
}

/** The refusal of a token that does not hold. */
export function unauthorized(why: string, cause?: unknown): HeadwaterError {
  return new HeadwaterError('UNAUTHORIZED', `The token is refused: ${why}.`, {
    hint: 'Sign in again, so that the next connection has a token that holds.',
    cause,
  })
}

/** The refusal of what a token does not allow. */
export function forbidden(why: string): HeadwaterError {
  return new HeadwaterError('FORBIDDEN', `The token is refused: ${why}.`, {
    hint: 'Ask who runs the hub for access to this workspace.',
  })
}
