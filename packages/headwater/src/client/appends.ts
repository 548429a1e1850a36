/**
 * Appends on the page: drafts are checked and written as JSON at once, the commits of one microtask travel as one message
 * (more than 128 KiB as several, so that the engine stores while the page checks), and each receipt resolves by itself. The
 * texts are kept until then, so that after a worker's death they are handed to the next one with their commit ids: stored
 * once, whether or not the first try had come through.
 */
import {
  type CheckedDrafts,
  checkDrafts,
  type Draft,
  type Durability,
  dataToError,
  type ErrorData,
  type EventRegistry,
  type Offset,
  ORIGIN,
  type Receipt,
  type ReplicaId,
  type Sequence,
  type Timestamp,
} from '@headwater/log'
import { packBatch } from '../append-columns.ts'
import { overdue } from '../link/deadline.ts'
import type { AppendedReport, CallId } from '../protocol.ts'
import type { Powers } from '../seams.ts'
import { type AppendQueue, createAppendQueue, type WaitingAppend } from './append-queue.ts'
import type { ConnectedPart } from './connection.ts'
import { watchDue } from './due.ts'
import { abortedCall, checkLine, createLine, type Line } from './line.ts'
import { promised } from './promised.ts'

/** The appends of one client. */
export interface Appends extends ConnectedPart {
  readonly append: (drafts: readonly Draft[], options: AppendHow) => Promise<Receipt>
  readonly appended: (report: AppendedReport) => void
  readonly appendFailed: (id: CallId, error: ErrorData) => void
  /** Resolves when nothing waits for its receipt. */
  readonly idle: () => Promise<void>
}

/** Options of one append. */
export interface AppendHow {
  readonly durability?: Durability | undefined
  readonly signal?: AbortSignal | undefined
}

/** What appends need. */
export interface AppendNeeds extends Powers {
  readonly events: EventRegistry
  readonly nextId: () => CallId
}

const SILENCE_MS = 60_000
const MESSAGE_UNITS = 131_072

/** No appends yet. */
export function createAppends({ events, nextId, random, scheduler }: AppendNeeds): Appends {
  const line = createLine()
  const queue = createAppendQueue()
  let [head, gathered] = [ORIGIN, 0]

  const refuse = (id: CallId, error: Error): void => queue.settle(id)?.reject(error)
  const send = (): void => {
    const link = line.link()
    const commits = link && queue.take()
    gathered = 0
    if (!commits?.length) return
    link?.append(packBatch(commits))
    markSent(commits, head, scheduler.elapsedMs() + SILENCE_MS)
    watch()
  }
  const sendSoon = createOncePerMicrotask(send)
  const watch = watchDue(scheduler, queue.waiting, (id) => {
    refuse(id, overdue('store a commit', 'It may still be stored: look for its events first.'))
  })
  const enqueue = (drafts: CheckedDrafts, how: AppendHow): Promise<Receipt> => {
    const { durability = 'relaxed', signal } = how
    const [id, units] = [nextId(), countUnits(drafts)]
    const receipt = queue.wait({ id, drafts, units, durability, signal })
    if (signal) listenUntil(receipt, signal, () => abortAppend(queue, line, id))
    gathered += units
    if (gathered < MESSAGE_UNITS) sendSoon()
    else send()
    return receipt
  }
  return {
    append: (drafts, how) =>
      promised(() => {
        checkLine(line, how.signal)
        return enqueue(checkDrafts(drafts, events, random), how)
      }),
    appended: (report) => {
      head = later(head, resolveAll(queue, report))
      sendSoon()
    },
    appendFailed: (id, error) => {
      refuse(id, dataToError(error))
      sendSoon()
    },
    connect: (to) => {
      line.connect(to)
      head = later(head, to.opened.status.head)
      queue.recall()
      send()
    },
    disconnect: line.disconnect,
    fail: (error) => {
      line.fail(error)
      for (const id of queue.waiting.keys()) refuse(id, error)
    },
    idle: queue.idle,
  }
}

/** Resolves the receipts of a report, which come as columns (`engine/reporter.ts`); the highest offset among them. */
function resolveAll(queue: AppendQueue, { replica, held, numbers }: AppendedReport): Offset {
  let highest = ORIGIN
  for (let at = 0; at < numbers.length; at += 4) {
    const offset = numbers[at + 2] as Offset
    highest = later(highest, offset)
    const commit = queue.settle(numbers[at]!)
    commit?.resolve({
      commitId: commit.drafts.commitId,
      replica: replica as ReplicaId,
      firstSequence: numbers[at + 1] as Sequence,
      count: commit.drafts.bodies.length,
      offset,
      timestamp: numbers[at + 3] as Timestamp,
      held,
    })
  }
  return highest
}

/** One that is on its way may have been stored: the engine says what became of it. */
function abortAppend(queue: AppendQueue, line: Line, id: CallId): void {
  const commit = queue.waiting.get(id)
  if (commit?.since !== undefined) line.link()?.cancel(id)
  else if (commit) queue.settle(id)?.reject(abortedCall(commit.signal))
}

/** One signal may serve many appends, and outlives each of them. */
function listenUntil(end: Promise<unknown>, signal: AbortSignal, aborted: () => void): void {
  const off = (): void => signal.removeEventListener('abort', aborted)
  signal.addEventListener('abort', aborted)
  end.then(off, off)
}

function markSent(commits: readonly WaitingAppend[], head: Offset, dueMs: number): void {
  for (const commit of commits) {
    commit.since ??= head
    commit.dueMs = dueMs
  }
}

function later(a: Offset, b: Offset): Offset {
  return a > b ? a : b
}

function createOncePerMicrotask(run: () => void): () => void {
  let scheduled = false
  return () => {
    if (scheduled) return
    scheduled = true
    queueMicrotask(() => {
      scheduled = false
      run()
    })
  }
}

function countUnits({ bodies }: CheckedDrafts): number {
  let units = 0
  for (const { length } of bodies) units += length
  return units
}
