/**
 * What waits to be written: an append or a merge, as a plan that can be made again from another head, and the promise of
 * whoever called. Several jobs share a transaction; each is placed or refused on its own.
 */
import type { PackedDrafts } from '../encode-drafts.ts'
import type { HeadwaterError } from '../error.ts'
import type { FinishedPlan } from '../grouping.ts'
import { type Head, type MovingHead, type Placement, placeAppend } from '../head.ts'
import type { CommitId } from '../identity.ts'
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
  /** The epoch of the lease that it is done under, when only a leader does it. */
  readonly epoch?: number | undefined
  /** Set when it shares its transaction with no other job, because it changes more than records. */
  readonly alone?: AloneJob | undefined
  /** Places its commits; returns why not, having placed nothing. Called anew for each plan. */
  place(moving: MovingHead): HeadwaterError | undefined
  /** Its last placement has been committed. */
  done(held: Held): void
  /** It turned out to have been stored before. */
  found(receipt: Receipt): void
  failed(error: unknown): void
}

/** What a job does that is alone in its transaction. */
export interface AloneJob {
  /** Looks at the records behind the true head that planning needs and that were not seen before. */
  readonly look: (records: IDBObjectStore, head: Head) => Promise<void>
  /** Plans all that the transaction stores. */
  readonly plan: (head: Head, nowMs: number) => FinishedPlan
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

/** A promise and who settles it. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>
  readonly resolve: (value: Value) => void
  readonly reject: (error: unknown) => void
}

/** What newer engines have as `Promise.withResolvers`. */
export function createDeferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}
