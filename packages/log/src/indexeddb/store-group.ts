/**
 * A group of jobs on its way into the store: one transaction, and after an ambiguous failure further ones on fresh handles,
 * each of which first looks for the commits in what is stored since. Every job gets exactly one answer.
 *
 * A group may be sent behind one that is still committing. It then stands on a head that is not certain yet: unless the
 * other is known to have committed when this one's turn comes, it stores nothing, waits for the other's answers and begins
 * again, so that jobs keep their order whatever fails.
 */
import { HeadwaterError } from '../error.ts'
import { type FinishedPlan, finishPlan } from '../grouping.ts'
import { type Head, moveHead } from '../head.ts'
import type { CommitId, Offset } from '../identity.ts'
import type { Receipt } from '../log.ts'
import { aborted } from '../refusals.ts'
import type { WallClock } from '../seams.ts'
import { BROKEN, type Connection } from './connection.ts'
import type { Job } from './job.ts'
import { createLeaseGuard } from './lease-guard.ts'
import { isQuota } from './request.ts'
import { type Begun, begin, type Work, type WriteOptions, write } from './transaction.ts'

/** How often a job is tried on fresh handles before it fails with `STORAGE_LOST`. */
const TRIES = 3

/** What storing is handed. */
export interface StoreOptions extends WriteOptions {
  readonly connection: Connection
  readonly clock: WallClock
  /** Whether the engine is known to honour strict durability. */
  readonly strictHonoured: boolean
  /** Receipts of those of these commits that are stored behind `since`. */
  readonly findReceipts: (
    ids: ReadonlySet<CommitId>,
    since: Offset,
  ) => Promise<ReadonlyMap<CommitId, Receipt>>
  /** Called with each such receipt. */
  readonly onFound: (receipt: Receipt) => void
  /** Called with what a transaction has stored, before its jobs hear of it. */
  readonly onWritten: (written: FinishedPlan) => void
}

/** What the groups of one writer know in common. */
export interface WriterState {
  /** The head as of the last transaction; undefined while it is not known what became of one. */
  believed: Head | undefined
  /** The last offset that was ever known of: where looking for lost commits begins. */
  known: Offset
  /** Why the last transaction stored nothing, until one does. */
  readOnly: HeadwaterError | undefined
}

/** A group on its way. */
export interface Flight {
  /** The head behind it, once its last request has been made: what the next group may stand on. */
  readonly next: Head | undefined
  /** Whether it is known to have committed. */
  readonly isStored: boolean
  /** Resolves when all its jobs have their answers. */
  readonly ended: Promise<void>
}

/** What a flight starts from. */
export interface Start {
  /** The flight ahead that is still committing. */
  readonly ahead: Flight | undefined
  /** A transaction that was begun for this very group. */
  readonly begun: Begun | undefined
  /** Called when another group may be sent behind. */
  readonly onHandedOver: () => void
}

interface Going {
  readonly state: WriterState
  readonly options: StoreOptions
  readonly start: Start
  next: Head | undefined
  isStored: boolean
}

/** Sends jobs on their way. */
export function sendGroup(
  state: WriterState,
  options: StoreOptions,
  group: readonly Job[],
  start: Start,
): Flight {
  const going: Going = { state, options, start, next: undefined, isStored: false }
  const ended = storeGroup(going, group)
  return {
    get next() {
      return going.next
    },
    get isStored() {
      return going.isStored
    },
    ended,
  }
}

/** Whether jobs want to be on the disk before they are answered: the strictest durability asked for wins. */
export function durabilityOf(jobs: readonly Job[]): 'strict' | 'relaxed' {
  return jobs.some(({ durability }) => durability === 'strict') ? 'strict' : 'relaxed'
}

async function storeGroup(going: Going, group: readonly Job[]): Promise<void> {
  const { state, options, start } = going
  const since = state.known
  let left = refuseAbortedJobs(group)
  let { ahead, begun } = start
  let cause: unknown
  for (let tried = 0; left.length > 0 && tried < TRIES; ) {
    try {
      if (tried > 0) left = await settleFound(left, since, options)
      if (left.length === 0 || (await storeOnce(going, left, ahead, begun))) return
    } catch (error) {
      cause = error
      tried += isFinal(error) ? TRIES : 1
    }
    await ahead?.ended
    ahead = begun = undefined
  }
  if (left.length > 0) failAll(state, options, left, cause)
}

/** Stores jobs in one transaction; false when the flight ahead is not known to have committed, and nothing was stored. */
async function storeOnce(
  going: Going,
  jobs: readonly Job[],
  ahead: Flight | undefined,
  begun: Begun | undefined,
): Promise<boolean> {
  const { state, options, start } = going
  const durability = durabilityOf(jobs)
  const { believed } = ahead ? { believed: ahead.next } : state
  const database = begun?.database ?? options.connection.open ?? (await options.connection.get())
  const work = createWork(jobs, options.clock)
  state.believed = undefined // until it is known what became of this transaction
  const order = {
    isGrounded: () => ahead?.isStored ?? true,
    onHandedOver: ({ head }: FinishedPlan) => {
      going.next = head
      start.onHandedOver()
    },
  }
  let written: FinishedPlan | undefined
  try {
    const transaction = begun ?? begin(database, believed, durability, options.keyRange)
    written = await write(transaction, work, order, options)
  } catch (error) {
    going.next = undefined
    if (!isFinal(error)) options.connection.drop(database)
    throw error
  }
  if (!written) return false
  going.isStored = true
  state.believed = written.head
  state.known = lastOf(written.head)
  state.readOnly = undefined
  options.onWritten(written)
  work.settle(durability === 'strict' && options.strictHonoured ? 'durable' : 'committed')
  return true
}

/** The last offset of a head. */
export function lastOf(head: Head): Offset {
  return (head.nextOffset - 1) as Offset
}

function failAll(state: WriterState, { name }: StoreOptions, jobs: readonly Job[], cause: unknown): void {
  const error = nameFailure(cause, name)
  if (STOPS.has(error.code)) state.readOnly = error
  for (const job of jobs) job.failed(error)
}

/** Codes after which the log takes no appends until one succeeds again. */
const STOPS: ReadonlySet<string> = new Set(['STORAGE_FULL', 'READ_ONLY', 'FORMAT_NEWER'])

function refuseAbortedJobs(group: readonly Job[]): readonly Job[] {
  return group.filter((job) => {
    if (job.signal?.aborted) job.failed(aborted(job.signal))
    return !job.signal?.aborted
  })
}

/** The jobs of one transaction as work that can be planned again; `settle` tells each what became of its last plan. */
function createWork(jobs: readonly Job[], clock: WallClock): Work & { settle(held: Receipt['held']): void } {
  let refusals = new Map<Job, HeadwaterError>()
  const alone = jobs[0]?.alone
  const lease = createLeaseGuard(jobs)
  return {
    guard: lease?.look,
    look: alone?.look,
    plan: (head) => {
      refusals = lease?.refusals() ?? new Map()
      if (alone && refusals.size === 0) return alone.plan(head, clock.now())
      const moving = moveHead(head, clock.now())
      for (const job of jobs) {
        const refusal = refusals.get(job) ?? job.place(moving)
        if (refusal) refusals.set(job, refusal)
      }
      return finishPlan(head, moving)
    },
    needsTruth: () => refusals.size > 0,
    settle: (held) => {
      for (const job of jobs) {
        const refusal = refusals.get(job)
        if (refusal) job.failed(refusal)
        else job.done(held)
      }
    },
  }
}

/** Answers the jobs whose commits turn out to be stored, and returns the others. */
async function settleFound(
  jobs: readonly Job[],
  since: Offset,
  options: StoreOptions,
): Promise<readonly Job[]> {
  const ids = new Set(jobs.map(({ commitId }) => commitId).filter((id) => id !== undefined))
  const receipts = await options.findReceipts(ids, since)
  return jobs.filter((job) => {
    const receipt = job.commitId === undefined ? undefined : receipts.get(job.commitId)
    if (receipt) {
      options.onFound(receipt)
      job.found(receipt)
    }
    return !receipt
  })
}

/** Whether trying again on a fresh handle cannot help. */
function isFinal(error: unknown): boolean {
  return isQuota(error) || (error instanceof HeadwaterError && error.code !== 'DEADLINE')
}

function nameFailure(cause: unknown, name: string): HeadwaterError {
  if (isQuota(cause)) {
    return new HeadwaterError('STORAGE_FULL', `There is no room left for the log "${name}".`, {
      hint: 'Free some disk space or other data of this site; reading goes on, and appending does as soon as there is room.',
      facts: { name },
      cause,
    })
  }
  if (cause instanceof HeadwaterError && !BROKEN.has(cause.code)) return cause
  return new HeadwaterError(
    'STORAGE_LOST',
    `The log "${name}" cannot be written: its connection breaks every time.`,
    {
      hint: 'Reload the page; whether the events were stored is answered by appending again with retriedSince.',
      facts: { name },
      cause,
    },
  )
}
