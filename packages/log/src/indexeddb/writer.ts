/**
 * The writer: appends and merges in the order in which they were handed in, as many of them in one transaction as wait
 * (group commit), at most about 1 MiB. While one transaction is committing the next is planned and sent behind it, at most
 * two on their way. What waits is bounded; how one group is stored is `store-group.ts`.
 */
import { HeadwaterError } from '../error.ts'
import type { Head } from '../head.ts'
import type { Durability } from '../log.ts'
import { closed } from '../refusals.ts'
import type { Job } from './job.ts'
import { abortIfOpen } from './request.ts'
import {
  durabilityOf,
  type Flight,
  lastOf,
  type StoreOptions,
  sendGroup,
  type WriterState,
} from './store-group.ts'
import type { StoredHead } from './stored-head.ts'
import { type Begun, begin } from './transaction.ts'

/** A transaction takes further jobs until it has this many bytes. */
export const TRANSACTION_BYTES = 1_048_576
/** Jobs that wait and are on their way together; a job beyond it is refused with `QUEUE_FULL`. */
export const QUEUE_BYTES = 67_108_864
/** Transactions on their way at once: one that commits, one that is handed over. */
const MOST_FLIGHTS = 2

/** The queue of jobs and who works it off. */
export interface Writer {
  /** Why the last transaction stored nothing, until one does. */
  readonly readOnly: HeadwaterError | undefined
  /** Takes a head that was just read from the store. */
  believe(head: Head): void
  /** Begins a transaction for a job that is handed in before this task ends; it saves that job a round trip. */
  prepare(durability: Durability): void
  submit(job: Job): void
  /** Refuses further jobs, and resolves when those that wait have been answered. */
  close(): Promise<void>
}

/** Creates a writer that begins with the head found at opening. */
export function createWriter(options: StoreOptions, { head, mustRenew }: StoredHead): Writer {
  const believed = mustRenew ? undefined : head
  const state: WriterState = { believed, known: lastOf(head), readOnly: undefined }
  const early = createEarly(state, options)
  let queue: Job[] = []
  let bytes = 0
  let flights: readonly Flight[] = []
  let [isScheduled, isClosed] = [false, false]

  const schedule = (): void => {
    if (isScheduled) return
    isScheduled = true
    queueMicrotask(send) // appends of one microtask share a transaction
  }
  const send = (): void => {
    isScheduled = false
    const ahead = flights.at(-1)
    const mustWait = flights.length >= MOST_FLIGHTS || (ahead !== undefined && !ahead.next)
    const { group, rest } = cutGroup(mustWait ? [] : queue)
    const begun = early.take(ahead ? undefined : durabilityOf(group))
    if (group.length === 0) return
    queue = rest
    const flight = sendGroup(state, options, group, { ahead, begun, onHandedOver: schedule })
    flights = [...flights, flight]
    void flight.ended.then(() => {
      flights = flights.filter((other) => other !== flight)
      bytes -= bytesOf(group)
      schedule()
    })
  }

  return {
    get readOnly() {
      return state.readOnly
    },
    believe: (to) => believeIn(state, to),
    prepare: (durability) => {
      const isIdle = queue.length === 0 && flights.length === 0 && !isClosed
      if (early.begin(isIdle ? durability : undefined)) schedule()
    },
    submit: (job) => {
      if (isClosed) return job.failed(closed('log'))
      if (bytes > 0 && bytes + job.bytes > QUEUE_BYTES) return job.failed(queueFull(options.name))
      bytes += job.bytes
      queue.push(job)
      schedule()
    },
    close: async () => {
      isClosed = true
      while (queue.length > 0 || flights.length > 0) await flights[0]?.ended
    },
  }
}

/** A head that was read may be older than what has been written since. */
function believeIn(state: WriterState, to: Head): void {
  if (!state.believed || to.nextOffset > state.believed.nextOffset) state.believed = to
}

/** A transaction that was begun ahead of its job; it is taken or given up before the task ends. */
interface Early {
  /** Begins one when there is none; a second call in a task gives it up, and so does an undefined durability. */
  begin(durability: Durability | undefined): boolean
  /** The transaction when it has this durability; otherwise it is given up. */
  take(durability: Durability | undefined): Begun | undefined
}

function createEarly(state: WriterState, options: StoreOptions): Early {
  let begun: Begun | undefined
  const take: Early['take'] = (durability) => {
    const taken = begun
    begun = undefined
    if (taken?.durability === durability) return taken
    if (taken) abortIfOpen(taken.transaction)
    return undefined
  }
  return {
    take,
    begin: (durability) => {
      const isBurst = begun !== undefined // other tabs must not wait while many appends are packed
      take(undefined)
      begun = isBurst || !durability ? undefined : beginEarly(state, options, durability)
      return begun !== undefined
    },
  }
}

/** Begins a transaction when a handle and a belief are at hand. */
function beginEarly(state: WriterState, options: StoreOptions, durability: Durability): Begun | undefined {
  const { open } = options.connection
  if (!open || !state.believed) return undefined
  try {
    return begin(open, state.believed, durability, options.keyRange)
  } catch {
    return undefined // a handle that was just closed: storing finds that out itself, and opens another
  }
}

/** The first jobs that share a transaction, at least one. */
function cutGroup(queue: readonly Job[]): { group: readonly Job[]; rest: Job[] } {
  let bytes = 0
  const isAlone = queue[0]?.alone !== undefined
  const cut = queue.findIndex((job, i) => {
    bytes += job.bytes
    return i > 0 && (bytes > TRANSACTION_BYTES || isAlone || job.alone !== undefined)
  })
  return cut < 0 ? { group: queue, rest: [] } : { group: queue.slice(0, cut), rest: queue.slice(cut) }
}

function bytesOf(jobs: readonly Job[]): number {
  return jobs.reduce((sum, job) => sum + job.bytes, 0)
}

function queueFull(name: string): HeadwaterError {
  return new HeadwaterError(
    'QUEUE_FULL',
    `The log "${name}" has ${QUEUE_BYTES / 1_048_576} MiB of appends waiting and takes no more for now.`,
    {
      hint: 'Await receipts before you append further; nothing of this append was stored.',
      facts: { name, bytes: QUEUE_BYTES },
    },
  )
}
