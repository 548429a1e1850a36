/**
 * Appends on the page: drafts are checked and packed at once, the commits of one microtask travel as one message in one
 * buffer, and each receipt resolves by itself. The packed bytes are kept until then, so that after a worker's death they
 * are handed to the next one with their commit ids: stored once, whether or not the first try had come through.
 *
 * At most 8 MiB are in the engine's hands at a time; what is more waits here for receipts.
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
  type ReplicaId,
  type Sequence,
  type Timestamp,
} from '@headwater/log'
import type { EngineLink } from '../link/engine-link.ts'
import type { AppendBatch, AppendEntry, AppendedReport, CallId } from '../protocol.ts'
import type { Powers } from '../seams.ts'
import { abortedCall } from './calls.ts'
import { type Due, silent, watchDue } from './due.ts'

/** The appends of one client. */
export interface AppendQueue {
  append(drafts: readonly Draft[], options: AppendQueueOptions): Promise<Receipt>
  appended(report: AppendedReport): void
  appendFailed(id: CallId, error: ErrorData): void
  connect(link: EngineLink): void
  disconnect(): void
  fail(error: HeadwaterError): void
  /** Resolves when nothing waits for its receipt. */
  idle(): Promise<void>
}

/** Options of one append. */
export interface AppendQueueOptions {
  readonly durability?: Durability | undefined
  readonly signal?: AbortSignal | undefined
}

/** What the queue needs. */
export interface AppendQueueNeeds extends Powers {
  readonly events: EventRegistry
  readonly nextId: () => CallId
}

interface Waiting extends Due {
  readonly id: CallId
  readonly packed: PackedDrafts
  readonly durability: Durability
  readonly signal: AbortSignal | undefined
  readonly resolve: (receipt: Receipt) => void
  readonly reject: (error: Error) => void
  /** The head known when it was first sent; nothing before that. */
  since: Offset | undefined
  /** In the hands of the engine that is connected now. */
  inFlight: boolean
}

const IN_FLIGHT_BYTES = 8_388_608
const SILENCE_MS = 60_000

/** An empty queue. */
export function createAppendQueue({ events, nextId, random, scheduler }: AppendQueueNeeds): AppendQueue {
  const waiting = new Map<CallId, Waiting>()
  let unsent: Waiting[] = []
  let inFlightBytes = 0
  let head = 0 as Offset
  let link: EngineLink | undefined
  let failure: HeadwaterError | undefined
  let scheduled = false
  const onIdle: (() => void)[] = []

  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    queueMicrotask(flush)
  }
  const flush = (): void => {
    scheduled = false
    if (!link || unsent.length === 0) return
    const sent: Waiting[] = []
    let count = 0
    for (; count < unsent.length; count++) {
      const commit = unsent[count]
      if (!commit || (inFlightBytes >= IN_FLIGHT_BYTES && waiting.has(commit.id))) break
      if (!waiting.has(commit.id)) continue // aborted before it was sent
      commit.inFlight = true
      inFlightBytes += commit.packed.bytes.length
      sent.push(commit)
    }
    unsent = unsent.slice(count)
    if (sent.length > 0) send(link, sent)
  }
  const send = (to: EngineLink, commits: readonly Waiting[]): void => {
    const batch = packBatch(commits)
    for (const commit of commits) {
      commit.since ??= head
      commit.dueMs = scheduler.elapsedMs() + SILENCE_MS
    }
    watch()
    to.call(nextId(), 'append', batch, [batch.bytes.buffer]).catch((error: HeadwaterError) => {
      for (const commit of commits) settle(commit.id)?.reject(error)
    })
  }
  const settle = (id: CallId): Waiting | undefined => {
    const commit = waiting.get(id)
    if (!commit) return undefined
    waiting.delete(id)
    if (commit.inFlight) inFlightBytes -= commit.packed.bytes.length
    if (unsent.length > 0) schedule()
    if (waiting.size === 0) for (const idle of onIdle.splice(0)) idle()
    return commit
  }
  const watch = watchDue(scheduler, waiting, (id) => {
    settle(id)?.reject(
      silent('append', 'It may still be stored: look for its events before appending them again.'),
    )
  })
  const enqueue = (packed: PackedDrafts, options: AppendQueueOptions): Promise<Receipt> =>
    new Promise((resolve, reject) => {
      const { signal, durability = 'relaxed' } = options
      const id = nextId()
      const fresh = { since: undefined, inFlight: false, dueMs: Infinity }
      const commit: Waiting = { id, packed, durability, signal, resolve, reject, ...fresh }
      waiting.set(id, commit)
      unsent.push(commit)
      signal?.addEventListener('abort', () => abort(commit), { once: true })
      schedule()
    })
  /** One that is on its way may have been stored: the engine says what became of it. */
  const abort = ({ id, since, signal }: Waiting): void => {
    if (since === undefined) settle(id)?.reject(abortedCall(signal))
    else link?.cancel(id)
  }
  return {
    append: async (drafts, options) => {
      if (failure) throw failure
      if (options.signal?.aborted) throw abortedCall(options.signal)
      return enqueue(packDrafts(drafts, events, random), options)
    },
    appended: (report) => {
      for (const [id, receipt] of receiptsOf(report)) {
        const commit = settle(id)
        if (!commit) continue
        if (receipt.offset > head) head = receipt.offset
        commit.resolve({ ...receipt, commitId: commit.packed.commitId, count: commit.packed.count })
      }
    },
    appendFailed: (id, error) => settle(id)?.reject(dataToError(error)),
    connect: (to) => {
      link = to
      head = Math.max(head, to.opened.status.head) as Offset // an offset either way
      unsent = [...waiting.values()]
      for (const commit of unsent) commit.inFlight = false
      inFlightBytes = 0
      flush()
    },
    disconnect: () => {
      link = undefined
    },
    fail: (error) => {
      failure = error
      link = undefined
      for (const { id } of waiting.values()) settle(id)?.reject(error)
    },
    idle: () => new Promise((resolve) => (waiting.size === 0 ? resolve() : onIdle.push(resolve))),
  }
}

function packBatch(commits: readonly Waiting[]): AppendBatch & { readonly bytes: Uint8Array<ArrayBuffer> } {
  const bytes = new Uint8Array(commits.reduce((sum, { packed }) => sum + packed.bytes.length, 0))
  let at = 0
  const entries = commits.map(({ id, packed, durability, since, signal }): AppendEntry => {
    bytes.set(packed.bytes, at)
    at += packed.bytes.length
    return {
      id,
      commitId: packed.commitId,
      count: packed.count,
      byteLength: packed.bytes.length,
      bodiesAt: packed.bodiesAt,
      durability,
      ...(since === undefined ? {} : { retriedSince: since }),
      ...(signal ? { abortable: true } : {}),
    }
  })
  return { commits: entries, bytes }
}

type Placed = Omit<Receipt, 'commitId' | 'count'>

/** The columns of a report, read in the order that the engine wrote them. */
function* receiptsOf({ replica, held, numbers }: AppendedReport): Generator<readonly [CallId, Placed]> {
  for (let at = 0; at + 3 < numbers.length; at += 4) {
    const [id = 0, firstSequence = 0, offset = 0, timestamp = 0] = numbers.subarray(at, at + 4)
    yield [
      id,
      {
        replica: replica as ReplicaId,
        held,
        firstSequence: firstSequence as Sequence,
        offset: offset as Offset,
        timestamp: timestamp as Timestamp,
      },
    ]
  }
}
