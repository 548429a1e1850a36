/**
 * The judgement of one offered commit, as a pure function of what the store holds: the one place where duplicates, forks,
 * gaps, binding and drift are decided, for every store. A store calls it inside the transaction that stores the commit,
 * with facts read in that transaction.
 */
import { type Replaced, type ReplicaId, type Sequence, type Timestamp, timestampToMs } from '@headwater/log'
import type { Offer } from './offer.ts'
import { isStamp } from './stamp.ts'
import {
  type AppendContext,
  MAX_AHEAD_MS,
  MAX_REPLICAS,
  type Refusal,
  type ReplicaState,
  type StorePolicy,
} from './store.ts'

/** What a store can be asked while it judges; everything of one workspace. */
export interface Facts {
  readonly workspace: string
  replica(replica: ReplicaId): ReplicaState | undefined
  replicaCount(): number
  /** Chain hash after the standing commit that ends there. */
  hashAt(replica: ReplicaId, sequence: Sequence): Uint8Array | undefined
  /** Whether a commit with this hash was replaced by its author, held or not. */
  isReplaced(replica: ReplicaId, sequence: Sequence, hash: Uint8Array): boolean
}

/** What is to be done with an offer. */
export type Judgement =
  | {
      readonly type: 'store'
      /** Whose the commit is. */
      readonly subject: string
      /** Its replica's state after it. */
      readonly state: ReplicaState
      /** The commits that it replaces and that stand here: they and what builds on them must be voided, the oldest first. */
      readonly originals: readonly Replaced[]
    }
  | { readonly type: 'held' }
  | Refusal

/** Judges one offer. Refusals: `FORBIDDEN`, `FORK`, `SEQUENCE_GAP`, `STAMP_AHEAD`, `COMMIT_DAMAGED`, `VECTOR_TOO_LARGE`. */
export function judge(offer: Offer, context: AppendContext, facts: Facts, policy: StorePolicy): Judgement {
  const { replica, lastSequence, hash } = offer
  const state = facts.replica(replica)
  if (isHeld(offer, facts) || facts.isReplaced(replica, lastSequence, hash)) return { type: 'held' }
  const author = authorOf(offer, state, context, facts, policy)
  if (typeof author !== 'string') return author
  const refusal =
    chainRefusal(offer, state) ??
    stampRefusal(offer, state, context, policy) ??
    roomRefusal(state, facts, policy)
  if (refusal) return refusal
  const originals = originalsOf(offer, author, context, facts)
  if ('type' in originals) return originals
  return {
    type: 'store',
    subject: author,
    state: { sequence: lastSequence, hash, timestamp: offer.head.timestamp, subject: boundTo(offer, author) },
    originals,
  }
}

/** Commits made from a file are nobody's: whoever imports the file may go on with them. */
function boundTo({ head }: Offer, author: string): string | undefined {
  return head.derived ? undefined : author
}

function isHeld({ replica, lastSequence, hash }: Offer, facts: Facts): boolean {
  const held = facts.hashAt(replica, lastSequence)
  return held !== undefined && same(held, hash)
}

/** Whose the commit is, when this sender may bring it. */
function authorOf(
  offer: Offer,
  state: ReplicaState | undefined,
  context: AppendContext,
  facts: Facts,
  policy: StorePolicy,
): string | Refusal {
  if (!context.mayAppend && !context.mayRelay) return forbidden(offer, 'this token may not append')
  const author = offer.head.derived ? context.subject : subjectOf(offer, state, context, facts, policy)
  if (author === undefined) return forbidden(offer, 'nobody has shown whose its replica is')
  if (state?.subject !== undefined && state.subject !== author)
    return forbidden(offer, 'its replica belongs to another subject')
  if (author === context.subject)
    return context.mayAppend ? author : forbidden(offer, 'this token may not append')
  return context.mayRelay ? author : forbidden(offer, 'this token may not relay')
}

/** By its stamp, by what the replica is bound to, or by the session whose own replica it is. */
function subjectOf(
  offer: Offer,
  state: ReplicaState | undefined,
  context: AppendContext,
  facts: Facts,
  policy: StorePolicy,
): string | undefined {
  const stamped = stampedSubject(offer, facts.workspace, policy.stampKey)
  if (stamped !== undefined) return stamped
  const mayClaim = context.isOpen || offer.replica === context.replica || state?.subject === context.subject
  return mayClaim ? context.subject : undefined
}

function stampedSubject(offer: Offer, workspace: string, key: Uint8Array): string | undefined {
  const { envelope, replica, lastSequence: sequence, hash } = offer
  if (envelope === undefined) return undefined
  const { subject, stamp } = envelope
  return isStamp(stamp, key, { workspace, replica, sequence, hash, subject }) ? subject : undefined
}

/** Each replica's commits follow each other without a gap, each on the hash of the one before (L3). */
function chainRefusal(offer: Offer, state: ReplicaState | undefined): Refusal | undefined {
  const expected = (state?.sequence ?? 0) + 1
  const { replica, head } = offer
  const facts = { replica, firstSequence: head.firstSequence, count: head.count, expected }
  if (head.firstSequence > expected)
    return refused('SEQUENCE_GAP', `Replica ${replica} is held up to ${expected - 1}.`, facts)
  const continues = head.firstSequence === expected && same(offer.previous, state?.hash ?? NO_HASH)
  return continues
    ? undefined
    : refused(
        'FORK',
        `Replica ${replica} has written sequence ${head.firstSequence} twice, differently.`,
        facts,
      )
}

function stampRefusal(
  { head }: Offer,
  state: ReplicaState | undefined,
  { nowMs }: AppendContext,
  { maxAheadMs = MAX_AHEAD_MS }: StorePolicy,
): Refusal | undefined {
  const { replica, timestamp } = head
  const facts = { replica, firstSequence: head.firstSequence, timestamp, nowMs }
  if (timestampToMs(timestamp) > nowMs + maxAheadMs)
    return refused('STAMP_AHEAD', 'A commit is stamped too far ahead of the hub’s time.', facts)
  return timestamp > (state?.timestamp ?? (0 as Timestamp))
    ? undefined
    : refused('COMMIT_DAMAGED', 'A commit’s timestamp does not follow its replica’s last.', facts)
}

function roomRefusal(
  state: ReplicaState | undefined,
  facts: Facts,
  { maxReplicas = MAX_REPLICAS }: StorePolicy,
): Refusal | undefined {
  if (state !== undefined || facts.replicaCount() < maxReplicas) return undefined
  return refused(
    'VECTOR_TOO_LARGE',
    `The workspace has ${maxReplicas} replicas, the most that it may have.`,
    {
      maxReplicas,
    },
  )
}

/** Whose originals stand here. Only their own author may replace them: else anybody could void anything. */
function originalsOf(
  { replaces, replica }: Offer,
  author: string,
  { isOpen }: AppendContext,
  facts: Facts,
): readonly Replaced[] | Refusal {
  const isForeign = replaces.some((original) => {
    const state = facts.replica(original.replica)
    return original.replica === replica || (!isOpen && state !== undefined && state.subject !== author)
  })
  if (isForeign)
    return refused('FORBIDDEN', 'A commit is refused: only the author of a commit may replace it.', {
      replica,
    })
  return replaces.filter(({ replica: of, sequence, hash }) => {
    const held = facts.hashAt(of, sequence)
    return held !== undefined && same(held, hash)
  })
}

const NO_HASH = new Uint8Array(32)

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function forbidden({ replica, head }: Offer, why: string): Refusal {
  const facts = { replica, firstSequence: head.firstSequence, count: head.count }
  return refused('FORBIDDEN', `A commit is refused: ${why}.`, facts)
}

function refused(code: Refusal['code'], message: string, facts: Refusal['facts']): Refusal {
  return { type: 'refused', code, message, facts }
}
