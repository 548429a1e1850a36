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
  const state: WriterState = {
    believed: mustRenew ? undefined : head,
    known: lastOf(head),
    readOnly: undefined,
  }
  let queue: Job[] = []
  let bytes = 0
  let flights: readonly Flight[] = []
  let early: Begun | undefined
  let isScheduled = false
  let isClosed = false

  const schedule = (): void => {
    if (isScheduled) return
    isScheduled = true
    queueMicrotask(send) // appends of one microtask share a transaction
  }
  const send = (): void => {
    isScheduled = false
    const prepared = takeEarly()
    const ahead = flights.at(-1)
    const mustWait = flights.length >= MOST_FLIGHTS || (ahead !== undefined && !ahead.next)
    const { group, rest } = cutGroup(mustWait ? [] : queue)
    const begun = !ahead && prepared?.durability === durabilityOf(group) ? prepared : undefined
    if (!begun) giveUp(prepared)
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
  const takeEarly = (): Begun | undefined => {
    const taken = early
    early = undefined
    return taken
  }

  return {
    get readOnly() {
      return state.readOnly
    },
    believe: (to) => {
      if (!state.believed || to.nextOffset > state.believed.nextOffset) state.believed = to
    },
    prepare: (durability) => {
      const isBurst = early !== undefined // several in one task: none may hold other tabs up while all are packed
      giveUp(takeEarly())
      const isIdle = queue.length === 0 && flights.length === 0 && !isClosed
      if (isIdle && !isBurst) early = beginEarly(state, options, durability)
      if (early) schedule()
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

function giveUp(begun: Begun | undefined): void {
  if (begun) abortIfOpen(begun.transaction)
}

/** The first jobs that share a transaction, at least one. */
function cutGroup(queue: readonly Job[]): { group: readonly Job[]; rest: Job[] } {
  let bytes = 0
  const cut = queue.findIndex((job, i) => {
    bytes += job.bytes
    return i > 0 && bytes > TRANSACTION_BYTES
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
