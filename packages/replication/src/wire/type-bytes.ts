/** What both directions of the wire agree on beyond numbers: the first byte of each message's frame, roles, and hashes. */
import type { Message, Role } from '../messages.ts'

/** Bytes of a chain hash. */
export const HASH_BYTES = 32
/** Roles by their byte. */
export const ROLES: readonly Role[] = ['client', 'hub', 'peer']

/** The first byte of each type's frame. */
export const TYPE_BYTES: Readonly<Record<Message['type'], number>> = {
  hello: 1,
  vector: 2,
  commits: 3,
  ack: 4,
  'refused-commit': 5,
  probe: 6,
  hashes: 7,
  reset: 8,
  omitted: 9,
  presence: 10,
  ping: 11,
  pong: 12,
  bye: 13,
}
