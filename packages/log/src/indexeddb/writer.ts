/**
 * The writer: appends and merges in the order in which they were handed in, as many of them in one transaction as wait
 * (group commit), at most about 1 MiB. It believes in a head and lets the transaction correct it. After an ambiguous
 * failure it gives up the handle, looks for the commits in what is stored since, and stores again only what is not there.
 */
import { HeadwaterError } from '../error.ts'
import { type FinishedPlan, finishPlan } from '../grouping.ts'
import { type Head, moveHead } from '../head.ts'
import type { CommitId, Offset } from '../identity.ts'
import type { Receipt } from '../log.ts'
import { aborted, closed } from '../refusals.ts'
import type { WallClock } from '../seams.ts'
import type { Connection } from './connection.ts'
import type { Job } from './job.ts'
import { isQuota } from './request.ts'
import type { StoredHead } from './stored-head.ts'
import { type Work, type WriteOptions, write } from './transaction.ts'

/** A transaction takes further jobs until it has this many bytes. */
export const TRANSACTION_BYTES = 1_048_576
/** How often a job is tried on fresh handles before it fails with `STORAGE_LOST`. */
const TRIES = 3

/** What a writer is handed. */
export interface WriterOptions extends WriteOptions {
  readonly connection: Connection
  readonly clock: WallClock
  /** Whether the engine is known to honour strict durability. */
  readonly strictHonoured: boolean
  /** Receipts of those of these commits that are stored behind `since`. */
  readonly findReceipts: (
    ids: ReadonlySet<CommitId>,
    since: Offset,
  ) => Promise<ReadonlyMap<CommitId, Receipt>>
  /** Called with what a transaction has stored, before its jobs hear of it. */
  readonly onWritten: (written: FinishedPlan) => void
}

/** The queue of jobs and who works it off. */
export interface Writer {
  /** Why the last transaction stored nothing, until one does. */
  readonly readOnly: HeadwaterError | undefined
  /** Takes a head that was just read from the store. */
  believe(head: Head): void
  submit(job: Job): void
  /** Refuses further jobs, and resolves when those that wait have been answered. */
  close(): Promise<void>
}

/** What a writer knows. */
interface State {
  believed: Head | undefined
  /** The last offset that it has ever known of: where looking for lost commits begins. */
  known: Offset
  readOnly: HeadwaterError | undefined
}

/** Creates a writer that begins with the head found at opening. */
export function createWriter(options: WriterOptions, { head, mustRenew }: StoredHead): Writer {
  const state: State = { believed: mustRenew ? undefined : head, known: lastOf(head), readOnly: undefined }
  let queue: Job[] = []
  let working: Promise<void> | undefined
  let isClosed = false

  const workOff = async (): Promise<void> => {
    await Promise.resolve() // appends of one microtask share a transaction
    while (queue.length > 0) {
      const { group, rest } = cutGroup(queue)
      queue = rest
      await storeGroup(state, options, group)
    }
    working = undefined
  }

  return {
    get readOnly() {
      return state.readOnly
    },
    believe: (to) => {
      if (!state.believed || to.nextOffset > state.believed.nextOffset) state.believed = to
    },
    submit: (job) => {
      if (isClosed) return job.failed(closed('log'))
      queue.push(job)
      working ??= workOff()
    },
    close: async () => {
      isClosed = true
      await working
    },
  }
}

/** Stores jobs in one transaction, again on a fresh handle after an ambiguous failure. Every job gets its answer. */
async function storeGroup(state: State, options: WriterOptions, group: readonly Job[]): Promise<void> {
  const since = state.known
  let left = refuseAbortedJobs(group)
  let cause: unknown
  for (let tried = 0; left.length > 0 && tried < TRIES; tried++) {
    try {
      if (tried > 0) left = await settleFound(left, since, options)
      if (left.length > 0) await storeOnce(state, options, left)
      return
    } catch (error) {
      cause = error
      if (isFinal(error)) break
    }
  }
  if (left.length > 0) failAll(state, options, left, cause)
}

async function storeOnce(state: State, options: WriterOptions, jobs: readonly Job[]): Promise<void> {
  const database = await options.connection.get()
  const work = createWork(jobs, options.clock)
  const isStrict = jobs.some(({ durability }) => durability === 'strict')
  const { believed } = state
  state.believed = undefined // until it is known what became of this transaction
  let written: FinishedPlan
  try {
    written = await write(database, believed, work, isStrict ? 'strict' : 'relaxed', options)
  } catch (error) {
    if (!isFinal(error)) options.connection.drop(database)
    throw error
  }
  state.believed = written.head
  state.known = lastOf(written.head)
  state.readOnly = undefined
  options.onWritten(written)
  work.settle(isStrict && options.strictHonoured ? 'durable' : 'committed')
}

function failAll(state: State, { name }: WriterOptions, jobs: readonly Job[], cause: unknown): void {
  const error = nameFailure(cause, name)
  if (STOPS.has(error.code)) state.readOnly = error
  for (const job of jobs) job.failed(error)
}

function lastOf(head: Head): Offset {
  return (head.nextOffset - 1) as Offset
}

/** Codes after which the log takes no appends until one succeeds again. */
const STOPS: ReadonlySet<string> = new Set(['STORAGE_FULL', 'READ_ONLY', 'FORMAT_NEWER'])

/** Codes that say no more than that the connection broke and cannot be had again. */
const CONNECTION: ReadonlySet<string> = new Set(['DEADLINE', 'STORAGE_UNAVAILABLE', 'STORAGE_BLOCKED'])

/** The first jobs that share a transaction, at least one. */
function cutGroup(queue: readonly Job[]): { group: readonly Job[]; rest: Job[] } {
  let bytes = 0
  const cut = queue.findIndex((job, i) => {
    bytes += job.bytes
    return i > 0 && bytes > TRANSACTION_BYTES
  })
  return cut < 0 ? { group: queue, rest: [] } : { group: queue.slice(0, cut), rest: queue.slice(cut) }
}

function refuseAbortedJobs(group: readonly Job[]): readonly Job[] {
  return group.filter((job) => {
    if (job.signal?.aborted) job.failed(aborted(job.signal))
    return !job.signal?.aborted
  })
}

/** The jobs of one transaction as work that can be planned again; `settle` tells each what became of its last plan. */
function createWork(jobs: readonly Job[], clock: WallClock): Work & { settle(held: Receipt['held']): void } {
  let refusals = new Map<Job, HeadwaterError>()
  return {
    plan: (head) => {
      refusals = new Map()
      const moving = moveHead(head, clock.now())
      for (const job of jobs) {
        const refusal = job.place(moving)
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
  options: WriterOptions,
): Promise<readonly Job[]> {
  const ids = new Set(jobs.map(({ commitId }) => commitId).filter((id) => id !== undefined))
  const receipts = await options.findReceipts(ids, since)
  return jobs.filter((job) => {
    const receipt = job.commitId === undefined ? undefined : receipts.get(job.commitId)
    if (receipt) job.found(receipt)
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
  if (cause instanceof HeadwaterError && !CONNECTION.has(cause.code)) return cause
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
