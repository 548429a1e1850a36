/**
 * Appends on the page: drafts are checked and packed at once, the commits of one microtask travel as one message in one
 * buffer, and each receipt resolves by itself. The packed bytes are kept until then, so that after a worker's death they
 * are handed to the next one with their commit ids: stored once, whether or not the first try had come through.
 */
import {
  type Draft,
  type Durability,
  dataToError,
  type ErrorData,
  type EventRegistry,
  type HeadwaterError,
  type Offset,
  type PackedDrafts,
  packDrafts,
  type Receipt,
} from '@headwater/log'
import { overdue } from '../link/deadline.ts'
import type { EngineLink } from '../link/engine-link.ts'
import type { AppendedReport, CallId } from '../protocol.ts'
import type { Powers } from '../seams.ts'
import { createAppendQueue, type WaitingAppend } from './append-queue.ts'
import { packBatch, placesOf } from './append-wire.ts'
import { abortedCall } from './calls.ts'
import type { ConnectedPart } from './connection.ts'
import { watchDue } from './due.ts'

/** The appends of one client. */
export interface Appends extends ConnectedPart {
  append(drafts: readonly Draft[], options: AppendHow): Promise<Receipt>
  appended(report: AppendedReport): void
  appendFailed(id: CallId, error: ErrorData): void
  /** Resolves when nothing waits for its receipt. */
  idle(): Promise<void>
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

/** No appends yet. */
export function createAppends({ events, nextId, random, scheduler }: AppendNeeds): Appends {
  const queue = createAppendQueue()
  let head = 0 as Offset
  let link: EngineLink | undefined
  let failure: HeadwaterError | undefined

  const send = (): void => {
    const commits = link ? queue.take() : []
    if (!link || commits.length === 0) return
    const batch = packBatch(commits)
    for (const commit of commits) {
      commit.since ??= head
      commit.dueMs = scheduler.elapsedMs() + SILENCE_MS
    }
    watch()
    link.call(nextId(), 'append', batch, [batch.bytes.buffer]).catch((error: HeadwaterError) => {
      for (const { id } of commits) queue.settle(id)?.reject(error)
    })
  }
  const sendSoon = createOncePerMicrotask(send)
  const watch = watchDue(scheduler, queue.waiting, (id) => {
    queue.settle(id)?.reject(overdue('store a commit', 'It may still be stored: look for its events first.'))
  })
  const enqueue = (packed: PackedDrafts, { durability = 'relaxed', signal }: AppendHow): Promise<Receipt> =>
    new Promise((resolve, reject) => {
      const fresh = { since: undefined, inFlight: false, dueMs: Infinity }
      const commit: WaitingAppend = { id: nextId(), packed, durability, signal, resolve, reject, ...fresh }
      queue.add(commit)
      signal?.addEventListener('abort', () => abort(commit), { once: true })
      sendSoon()
    })
  /** One that is on its way may have been stored: the engine says what became of it. */
  const abort = ({ id, since, signal }: WaitingAppend): void => {
    if (since === undefined) queue.settle(id)?.reject(abortedCall(signal))
    else link?.cancel(id)
  }
  return {
    append: async (drafts, how) => {
      if (failure) throw failure
      if (how.signal?.aborted) throw abortedCall(how.signal)
      return enqueue(packDrafts(drafts, events, random), how)
    },
    appended: (report) => {
      for (const [id, placed] of placesOf(report)) {
        if (placed.offset > head) head = placed.offset
        const commit = queue.settle(id)
        commit?.resolve({ ...placed, commitId: commit.packed.commitId, count: commit.packed.count })
      }
      sendSoon()
    },
    appendFailed: (id, error) => {
      queue.settle(id)?.reject(dataToError(error))
      sendSoon()
    },
    connect: (to) => {
      link = to
      head = Math.max(head, to.opened.status.head) as Offset // an offset either way
      queue.recall()
      send()
    },
    disconnect: () => {
      link = undefined
    },
    fail: (error) => {
      failure = error
      link = undefined
      for (const id of [...queue.waiting.keys()]) queue.settle(id)?.reject(error)
    },
    idle: queue.idle,
  }
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
