/**
 * What waits to be written: an append or a merge, as a plan that can be made again from another head, and the promise of
 * whoever called. Several jobs share a transaction; each is placed or refused on its own.
 */
import type { CommitHead } from '../commit.ts'
import type { PackedDrafts } from '../draft.ts'
import { HeadwaterError } from '../error.ts'
import { type MergeFacts, type MergePlan, placeMerge } from '../foreign.ts'
import { type MovingHead, type Placement, placeAppend } from '../head.ts'
import type { CommitId, Offset } from '../identity.ts'
import type { Durability, Receipt } from '../log.ts'

/** What became of a job in a transaction that committed. */
export type Held = Receipt['held']

/** A job of the writer. */
export interface Job {
  /** About how many bytes it stores. */
  readonly bytes: number
  readonly durability: Durability
  readonly signal: AbortSignal | undefined
  /** By which it is found again after an ambiguous failure; a merge is idempotent and needs none. */
  readonly commitId: CommitId | undefined
  /** Places its commits; returns why not, having placed nothing. Called anew for each plan. */
  place(moving: MovingHead): HeadwaterError | undefined
  /** Its last placement has been committed. */
  done(held: Held): void
  /** It turned out to have been stored before. */
  found(receipt: Receipt): void
  failed(error: unknown): void
}

/** What callers say of a job. */
export interface JobOptions {
  readonly durability: Durability
  readonly signal: AbortSignal | undefined
}

/** An append as a job, and its receipt. */
export function createAppendJob(
  packed: PackedDrafts,
  { durability, signal }: JobOptions,
): { job: Job; receipt: Promise<Receipt> } {
  const { promise, resolve, reject } = createDeferred<Receipt>()
  let placement: Placement | undefined
  const job: Job = {
    durability,
    signal,
    bytes: packed.head.length + packed.bodies.length,
    commitId: packed.commitId,
    place: (moving) => {
      placement = placeAppend(moving, packed)
      return undefined
    },
    done: (held) => placement && resolve({ ...placement, held }),
    found: resolve,
    failed: reject,
  }
  return { job, receipt: promise }
}

/** What a merge job came to, and the head after it. */
export interface MergeOutcome extends MergePlan {
  readonly head: Offset
}

/** A merge as a job, with what has been looked up for it. */
export function createMergeJob(
  commits: readonly CommitHead[],
  facts: MergeFacts,
  options: JobOptions,
): { job: Job; outcome: Promise<MergeOutcome> } {
  const { promise, resolve, reject } = createDeferred<MergeOutcome>()
  let outcome: MergeOutcome | undefined
  const job: Job = {
    ...options,
    bytes: commits.reduce((sum, { bytes }) => sum + bytes.length, 0),
    commitId: undefined,
    place: (moving) => {
      const plan = placeMerge(moving, commits, facts)
      if (plan instanceof HeadwaterError) return plan
      outcome = { ...plan, head: moving.lastOffset }
      return undefined
    },
    done: () => outcome && resolve(outcome),
    found: () => undefined,
    failed: reject,
  }
  return { job, outcome: promise }
}

interface Deferred<Value> {
  readonly promise: Promise<Value>
  readonly resolve: (value: Value) => void
  readonly reject: (error: unknown) => void
}

/** What newer engines have as `Promise.withResolvers`. */
function createDeferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}
