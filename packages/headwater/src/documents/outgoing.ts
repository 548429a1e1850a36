/**
 * What is to be stored of an open document: changes are gathered, at most 100 ms and 64 KiB, and go as one event; what did not
 * begin in this tab (a bridge to other peers) waits 0.2 to 0.7 s, drawn each time, since another tab may store it meanwhile.
 * What cannot be stored is kept and tried again, in the order in which it came.
 */
import { type Draft, type HeadwaterError, isHeadwaterError, type Random, type Receipt } from '@headwater/log'
import { mergeUpdates } from 'yjs'
import type { Timers } from '../seams.ts'

/** What is needed to store. */
export interface OutgoingNeeds {
  readonly scheduler: Timers
  readonly random: Random
  readonly append: (drafts: readonly Draft[]) => Promise<Receipt>
  /** The part of an update that the log lacks. */
  readonly lacking: (update: Uint8Array) => Uint8Array | undefined
  /** It is in the log now. */
  readonly stored: (update: Uint8Array) => void
  /** The events that carry an update. */
  readonly draftsOf: (update: Uint8Array) => readonly Draft<string, Uint8Array>[]
}

/** Changes on their way into the log. */
export interface Outgoing {
  readonly error: HeadwaterError | undefined
  /** Takes a change; `own`: it was made in this tab. */
  add(update: Uint8Array, own: boolean): void
  /** Stores all there is, now. */
  readonly flush: () => Promise<Receipt | undefined>
  /** Forgets what waits. */
  stop(): void
}

const OWN_DELAY_MS = 100
const BRIDGED_DELAY_MS = 200
const MOST_BYTES = 65_536
const COMMIT_BYTES = 786_432
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 30_000

/** An update that is being stored, in commits of some events each; those that are stored already have left. */
interface Sending {
  readonly update: Uint8Array
  readonly commits: (readonly Draft[])[]
}

/** Nothing on its way. */
export function createOutgoing(needs: OutgoingNeeds): Outgoing {
  const gathering = createGathering(needs)
  let sending: Sending | undefined
  let running: Promise<Receipt | undefined> | undefined
  let error: HeadwaterError | undefined
  let retryMs = FIRST_RETRY_MS

  // A failure is kept in `error`, and tried again.
  const timer = createTimer(needs.scheduler, () => void flush().catch(() => undefined))
  const storeAll = async (): Promise<Receipt | undefined> => {
    let receipt: Receipt | undefined
    while (sending || !gathering.isEmpty()) {
      sending ??= gathering.take()
      while (sending?.commits[0]) {
        receipt = await needs.append(sending.commits[0])
        sending.commits.shift()
      }
      if (sending) needs.stored(sending.update)
      sending = undefined
    }
    return receipt
  }
  const failed = (cause: unknown): never => {
    running = undefined
    if (isHeadwaterError(cause)) error = cause
    if (!isHeadwaterError(cause, 'CLOSED')) timer.by(retryMs)
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
    throw cause
  }
  const flush = (): Promise<Receipt | undefined> => {
    timer.cancel()
    running ??= storeAll().then((receipt) => {
      running = undefined
      error = undefined
      retryMs = FIRST_RETRY_MS
      return receipt
    }, failed)
    return running
  }
  return {
    get error() {
      return error
    },
    add(update, own) {
      gathering.add(update)
      if (gathering.isFull()) timer.by(0)
      else timer.by(own ? OWN_DELAY_MS : BRIDGED_DELAY_MS + 2 * needs.random.bytes(1)[0]!)
    },
    flush,
    stop: timer.stop,
  }
}

/** Changes that are not being stored yet. */
function createGathering({ lacking, draftsOf }: OutgoingNeeds): {
  add(update: Uint8Array): void
  isEmpty(): boolean
  isFull(): boolean
  take(): Sending | undefined
} {
  let gathered: Uint8Array[] = []
  let bytes = 0
  return {
    add(update) {
      gathered.push(update)
      bytes += update.length
    },
    isEmpty: () => gathered.length === 0,
    isFull: () => bytes >= MOST_BYTES,
    take() {
      const update = gathered.length === 1 ? gathered[0]! : mergeUpdates(gathered)
      gathered = []
      bytes = 0
      const rest = lacking(update)
      return rest && { update: rest, commits: cutCommits(draftsOf(rest)) }
    },
  }
}

/** Runs something once, at the earliest time that was asked for. */
function createTimer(
  scheduler: Timers,
  run: () => void,
): { readonly by: (delayMs: number) => void; readonly cancel: () => void; readonly stop: () => void } {
  let dueMs = Number.POSITIVE_INFINITY
  let cancelTimer = (): void => undefined
  const cancel = (): void => {
    cancelTimer()
    dueMs = Number.POSITIVE_INFINITY
  }
  return {
    by(delayMs) {
      const wantedMs = scheduler.elapsedMs() + delayMs
      if (wantedMs >= dueMs) return
      cancelTimer()
      dueMs = wantedMs
      cancelTimer = scheduler.after(delayMs, run)
    },
    cancel,
    stop() {
      cancel()
      dueMs = Number.NEGATIVE_INFINITY
    },
  }
}

/** Parts of one update need not be stored together: as many as a commit takes. */
function cutCommits(drafts: readonly Draft<string, Uint8Array>[]): (readonly Draft[])[] {
  const commits: Draft[][] = []
  let room = 0
  for (const draft of drafts) {
    room -= draft.data.length
    if (room < 0) {
      commits.push([])
      room = COMMIT_BYTES - draft.data.length
    }
    commits.at(-1)!.push(draft)
  }
  return commits
}
