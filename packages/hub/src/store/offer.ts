/**
 * An offered commit, parsed or refused: its header, its chain hash on top of the previous one that the sender claims, and
 * what it replaces. Bodies are hashed and never decoded.
 */
import {
  type CommitHead,
  chainHash,
  HeadwaterError,
  parseCommit,
  type Replaced,
  type ReplicaId,
  replacesOf,
  type Sequence,
} from '@headwater/log'
import { type Envelope, parseEnvelope } from './envelope.ts'
import type { OfferedCommit, Refusal } from './store.ts'

/** A parsed offer. */
export interface Offer {
  readonly head: CommitHead
  readonly replica: ReplicaId
  readonly lastSequence: Sequence
  readonly previous: Uint8Array
  /** Chain hash after it, if `previous` is right. */
  readonly hash: Uint8Array
  readonly envelope: Envelope | undefined
  readonly replaces: readonly Replaced[]
}

const HASH_BYTES = 32

/** Reads an offered commit. Refusals: `COMMIT_DAMAGED`, `FORMAT_NEWER`. */
export function parseOffer({ bytes, previous, envelope }: OfferedCommit): Offer | Refusal {
  const head = parseCommit(bytes)
  if (head instanceof HeadwaterError) return refusalOf(head)
  if (previous.length !== HASH_BYTES) return damaged('the hash before it has no 32 bytes')
  return {
    head,
    replica: head.replica,
    lastSequence: (head.firstSequence + head.count - 1) as Sequence, // checked by parseCommit to be safe
    previous,
    hash: chainHash(previous, bytes),
    envelope: envelope && parseEnvelope(envelope),
    replaces: replacesOf(head),
  }
}

/** An error as the refusal of one commit. */
export function refusalOf({ code, message, facts }: HeadwaterError): Refusal {
  return { type: 'refused', code, message, facts }
}

function damaged(why: string): Refusal {
  return { type: 'refused', code: 'COMMIT_DAMAGED', message: `A commit is refused: ${why}.`, facts: {} }
}
