/**
 * Who is in which workspace: the sessions that were let in. A replica has one session in a workspace; a newer one closes the
 * older as `SUPERSEDED`. Presence goes from each to all others, bounded, and is kept nowhere.
 */
import { HeadwaterError, type ReplicaId } from '@headwater/log'
import type { Connection, Session } from '@headwater/replication'
import { type Access, forbidden } from './auth/access.ts'

/** A connection, and what the hub looks at beside its frames where the network can say it. */
export interface HubConnection extends Connection {
  /** Bytes that wait for the network. */
  readonly bufferedBytes?: number
  /** Closes it with 1013 if it took nothing for too long of what waits for it. */
  closeIfUndrained?(): void
  /** Ends it without a word. */
  terminate?(): void
}

/** A session that was let in. */
export interface Member {
  readonly workspace: string
  readonly replica: ReplicaId
  readonly access: Access
  readonly session: Session
  readonly connection: HubConnection
}

/** The members. */
export interface Members {
  /** Lets a session in and closes an older one of its replica. Errors: `FORBIDDEN` when another subject has that. */
  enter(member: Member): void
  leave(member: Member): void
  /** Hands on to all others of its workspace who is there. */
  present(from: Member, state: Uint8Array): void
  all(): Iterable<Member>
}

/** Presence waits for nobody: what does not fit into a socket's queue of this many bytes is dropped. */
const MAX_PRESENCE_QUEUE_BYTES = 262_144

/** Nobody yet. */
export function createMembers(): Members {
  const workspaces = new Map<string, Map<ReplicaId, Member>>()
  return {
    enter(member) {
      const others = workspaces.get(member.workspace) ?? new Map<ReplicaId, Member>()
      const older = others.get(member.replica)
      if (older && !member.access.isOpen && older.access.subject !== member.access.subject)
        throw forbidden('its replica is another’s')
      workspaces.set(member.workspace, others.set(member.replica, member))
      older?.session.close(superseded(), 'never')
    },
    leave(member) {
      const others = workspaces.get(member.workspace)
      if (others?.get(member.replica) !== member) return
      others.delete(member.replica)
      if (others.size === 0) workspaces.delete(member.workspace)
    },
    present(from, state) {
      for (const other of workspaces.get(from.workspace)?.values() ?? []) {
        const hasRoom = (other.connection.bufferedBytes ?? 0) < MAX_PRESENCE_QUEUE_BYTES
        if (other !== from && hasRoom) other.session.present(state)
      }
    },
    *all() {
      for (const others of workspaces.values()) yield* others.values()
    },
  }
}

function superseded(): HeadwaterError {
  return new HeadwaterError('SUPERSEDED', 'A newer session of this replica took over.', {
    hint: 'Another tab or session of this replica goes on.',
  })
}
