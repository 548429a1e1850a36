/**
 * Merging as pure functions: foreign commits are parsed or refused whole, then planned against the head of the log. Held
 * ones are duplicates once their bytes have been compared with the stored ones; new ones must follow without a gap (L3),
 * and none may carry a stamp too far ahead of the wall clock.
 */
import { assert } from './assert.ts'
import { readU16, readU32, sameBytes } from './bytes.ts'
import { CHAIN_START, linkHash } from './chain.ts'
import { isTooFarAhead, MAX_DRIFT_MS, NO_TIME } from './clock.ts'
import { type CommitHead, lastSequenceOf, parseCommit, replacesOf } from './commit.ts'
import { HeadwaterError } from './error.ts'
import { BODY_END_BYTES, COMMA, ENCODING, INDEX_ENTRY_BYTES } from './events-section.ts'
import { ahead, damaged, fork, gap } from './foreign-refusals.ts'
import type { MovingHead, Placement } from './head.ts'
import type { Offset, ReplicaId, Sequence, Timestamp } from './identity.ts'
import { checkJson } from './json.ts'
import type { MergeOptions } from './log.ts'
import {
  type ForeignCommits,
  type Link,
  type MergeFacts,
  type MergePlan,
  type Originals,
  originalsKey,
} from './merge-facts.ts'
import { placeAgain } from './reissue.ts'
import { createReplacedTest } from './replaced-test.ts'
import type { Replaced } from './replaces.ts'
import { type StandingCommit, voidedOf } from './standing.ts'
import { countEvents, draftVoiding, type Voiding } from './voiding.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Parses foreign commits, bodies included. Errors: `COMMIT_DAMAGED`, `FORMAT_NEWER`. */
export function parseForeign(
  commits: readonly Uint8Array[],
  { previous, maxDriftMs = MAX_DRIFT_MS }: Pick<MergeOptions, 'previous' | 'maxDriftMs'> = {},
): ForeignCommits {
  assert(!previous || previous.length === commits.length, 'each commit has a hash before it')
  const links = previous && new Map<CommitHead, Link>()
  const heads = commits.map((bytes, i) => {
    const head = parseCommit(bytes)
    if (head instanceof HeadwaterError) throw head
    if (head.keyId === 0) refuseBodies(head)
    const before = previous?.[i]
    if (before)
      links?.set(head, { previous: before, hash: linkHash(before, head, bytes.subarray(head.bodiesAt)) })
    return head
  })
  return { heads, links, maxDriftMs }
}

/** Merges into a head that is being moved on; nothing is placed while facts are missing. */
export interface PlacedMerge extends MergePlan {
  /** What falls with it. */
  readonly voiding: Voiding | undefined
  /** Who writes here from now on, when what was written here fell. */
  readonly renewed: ReplicaId | undefined
}

/**
 * Places the new ones of these commits behind the head, all or none. Refusals: `SEQUENCE_GAP`, `FORK`, `STAMP_AHEAD`, `COMMIT_DAMAGED`.
 */
export function placeMerge(
  moving: MovingHead,
  commits: ForeignCommits,
  given: MergeFacts,
  author: Author | undefined,
): PlacedMerge | HeadwaterError {
  const voidsVersion = moving.voids.version
  const facts = given.voidsVersion === voidsVersion ? given : { ...NO_FACTS, voidsVersion }
  const sorted = sortOut(moving, commits, facts)
  if (sorted instanceof HeadwaterError) return sorted
  const { fresh, held, unfollowed, unlinked } = sorted
  const uncompared = held.filter((commit) => !facts.compared.has(commit))
  const duplicates = countEvents(held) + sorted.repeated
  const unsearched = fresh.flatMap(replacesOf).filter((replaced) => !originalsOf(moving, replaced, facts))
  if (uncompared.length + unfollowed.length + unlinked.length + unsearched.length > 0) {
    const missing = { voidsVersion, uncompared, unfollowed, unlinked, unsearched }
    return { merged: 0, duplicates, voided: 0, placed: [], missing, voiding: undefined, renewed: undefined }
  }
  const { voiding, renewed } = placeAll(moving, fresh, facts, author)
  const voided = countEvents(voiding?.fallen ?? [])
  const merged = countEvents(fresh)
  return { merged, duplicates, voided, placed: fresh, missing: undefined, voiding, renewed }
}

/** Nothing has been looked up. */
export const NO_FACTS: MergeFacts = {
  voidsVersion: 0,
  compared: new Set(),
  stamps: new Map(),
  hashes: new Map(),
  originals: new Map(),
}

/** Whose commits this log wrote, and the id that it takes when it must. Undefined where nothing can fall. */
export interface Author {
  readonly own: ReadonlySet<ReplicaId>
  readonly fresh: ReplicaId
}

/**
 * Places new commits, and voids what they replace together with all that its replica wrote behind it. Where that is another's,
 * it is set aside until its reissue comes. Where it is our own, a copy of this profile has reissued what both hold: nobody
 * else may ever reissue what we wrote behind that, so we do it here and now, under a fresh id, and what was written here
 * never lies aside (R1). If the copy turns out to hold the same commits and reissues them as well, one of the two
 * reissues counts (`reissues.ts`). An id of ours whose commits fell is never written under again, since its sequences are used up.
 */
function placeAll(
  moving: MovingHead,
  fresh: readonly CommitHead[],
  facts: MergeFacts,
  author: Author | undefined,
): Pick<PlacedMerge, 'voiding' | 'renewed'> {
  const voiding = draftVoiding(moving.voids)
  const fallen = new Map<Offset, StandingCommit>()
  for (const head of fresh) {
    const by = place(moving, head)
    const replaces = replacesOf(head)
    for (const replaced of replaces) {
      const standing = facts.originals.get(originalsKey(replaced))?.commits ?? []
      voiding.fell(standing.map((commit) => voidedOf(commit, 'aside')))
      for (const commit of standing) fallen.set(commit.firstOffset, commit)
    }
    if (replaces.length > 0) voiding.replace({ by, replaces })
  }
  const left = author ? voiding.aside().filter(({ replica }) => author.own.has(replica)) : []
  for (const { firstOffset } of left) {
    placeAgain(moving, fallen.get(firstOffset)!, author!.fresh, voiding)
  }
  const isSpent = [...fallen.values()].some(({ head }) => head.replica === moving.replica)
  return { voiding: voiding.finish(), renewed: left.length > 0 || isSpent ? author?.fresh : undefined }
}

/** What is known to stand from a replaced commit on, if it is known as of now. */
function originalsOf(moving: MovingHead, replaced: Replaced, facts: MergeFacts): Originals | undefined {
  const held = moving.lastSequence(replaced.replica)
  if (held < replaced.sequence) return NO_ORIGINALS
  const known = facts.originals.get(originalsKey(replaced))
  return known?.through === held ? known : undefined
}

const NO_ORIGINALS: Originals = { through: 0 as Sequence, commits: [] }

interface Sorted {
  readonly fresh: readonly CommitHead[]
  readonly held: readonly CommitHead[]
  readonly unfollowed: readonly CommitHead[]
  readonly unlinked: readonly CommitHead[]
  /** Events of commits that this very call brought before, or that are replaced. */
  readonly repeated: number
}

function sortOut(moving: MovingHead, commits: ForeignCommits, facts: MergeFacts): Sorted | HeadwaterError {
  const sorted = { fresh: [], held: [], unfollowed: [], unlinked: [] } as Record<
    'fresh' | 'held' | 'unfollowed' | 'unlinked',
    CommitHead[]
  >
  const { fresh, held, unfollowed, unlinked } = sorted
  const isReplaced = createReplacedTest(moving.voids, commits)
  const newest = new Map<ReplicaId, CommitHead>()
  let repeated = 0
  for (const head of commits.heads) {
    const last = newest.get(head.replica)
    if (isReplaced(head)) repeated += head.count
    else if (lastSequenceOf(head) <= moving.lastSequence(head.replica)) held.push(head)
    else if (last && head.firstSequence <= last.firstSequence && fresh.some((other) => isSame(other, head)))
      repeated += head.count
    else {
      const before = last ? last.timestamp : stampBefore(moving, head, facts.stamps)
      const link = linkBefore(moving, head, last, commits, facts)
      const refusal = refusalOf(moving, head, { last, before, link }, commits)
      if (refusal) return refusal
      if (before === undefined) unfollowed.push(head)
      if (link === undefined) unlinked.push(head)
      fresh.push(head)
      newest.set(head.replica, head)
    }
  }
  return { ...sorted, repeated }
}

/** The chain hash that a new commit must continue; undefined when it must be looked up. */
function linkBefore(
  moving: MovingHead,
  { replica }: CommitHead,
  last: CommitHead | undefined,
  { links }: ForeignCommits,
  { hashes }: MergeFacts,
): Uint8Array | undefined {
  if (last) return links?.get(last)?.hash ?? CHAIN_START
  const held = moving.lastSequence(replica)
  if (!links || held === 0) return CHAIN_START
  const known = hashes.get(replica)
  return known?.sequence === held ? known.hash : undefined
}

/** A bound on the stamp of the commit before: it rises if this one's lies above. Undefined when it must be looked up. */
function stampBefore(
  moving: MovingHead,
  { replica, timestamp }: CommitHead,
  stamps: MergeFacts['stamps'],
): Timestamp | undefined {
  const held = moving.lastSequence(replica)
  if (held === 0) return NO_TIME
  if (timestamp > moving.clock) return moving.clock // no stored stamp is later
  const known = stamps.get(replica)
  return known?.sequence === held ? known.timestamp : undefined
}

/** What is known to lie before a new commit. */
interface Before {
  readonly last: CommitHead | undefined
  readonly before: Timestamp | undefined
  readonly link: Uint8Array | undefined
}

function refusalOf(
  moving: MovingHead,
  head: CommitHead,
  { last, before, link }: Before,
  { links, maxDriftMs }: ForeignCommits,
): HeadwaterError | undefined {
  const expected = (last ? lastSequenceOf(last) : moving.lastSequence(head.replica)) + 1
  if (head.firstSequence > expected) return gap(head, expected)
  if (head.firstSequence < expected) return fork(head)
  const previous = links?.get(head)?.previous
  if (previous && link && !sameBytes(previous, link)) return fork(head)
  if (isTooFarAhead(head.timestamp, moving.nowMs, maxDriftMs)) return ahead(head, moving.nowMs, maxDriftMs)
  return before !== undefined && before >= head.timestamp
    ? damaged('its timestamp does not follow its replica’s last', head)
    : undefined
}

function place(moving: MovingHead, head: CommitHead): Placement {
  const { replica, timestamp, count, bytes, bodiesAt, commitId, firstSequence } = head
  const parts = { head: bytes.subarray(0, bodiesAt), bodies: bytes.subarray(bodiesAt) }
  const firstOffset = (moving.lastOffset + 1) as Offset
  moving.place({ ...parts, firstOffset, replica, timestamp, count, lastSequence: lastSequenceOf(head) })
  return { commitId, replica, firstSequence, count, timestamp, offset: moving.lastOffset }
}

function isSame(a: CommitHead, b: CommitHead): boolean {
  return (
    a === b || (a.replica === b.replica && a.firstSequence === b.firstSequence && sameBytes(a.bytes, b.bytes))
  )
}

/** Bodies are parsed one by one, so that none can borrow a bracket from the next, but decoded together where that is exact. */
function refuseBodies(head: CommitHead): void {
  const { bytes, types, indexAt, bodiesAt } = head
  const textOf = bodyTexts(bytes, bodiesAt)
  let at = bodiesAt
  for (let entry = indexAt; entry < bodiesAt; entry += INDEX_ENTRY_BYTES) {
    const end = at + readU32(bytes, entry + 2)
    if (types[readU16(bytes, entry)]!.encoding === ENCODING.json) refuseBody(head, () => textOf(at, end))
    if (bytes[end] !== COMMA) throw damaged('a body does not end where it should', head)
    at = end + BODY_END_BYTES
  }
}

/** The text between two places: cut from one string where every byte is a character, which is several times faster. */
function bodyTexts(bytes: Uint8Array, bodiesAt: number): (from: number, to: number) => string {
  const alone = (from: number, to: number): string => decoder.decode(bytes.subarray(from, to))
  if (!isAscii(bytes, bodiesAt)) return alone
  const all = alone(bodiesAt, bytes.length)
  return (from, to) => all.slice(from - bodiesAt, to - bodiesAt)
}

function isAscii(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at++) if (bytes[at]! > 0x7f) return false
  return true
}

function refuseBody(head: CommitHead, textOf: () => string): void {
  let data: unknown
  try {
    data = JSON.parse(textOf())
  } catch (cause) {
    throw damaged('a body is no JSON', head, cause)
  }
  const fault = checkJson(data)
  if (fault) throw damaged(`a body holds ${fault.found}`, head)
}
