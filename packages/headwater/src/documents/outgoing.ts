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
  flush(): Promise<Receipt | undefined>
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
  const { scheduler } = needs
  let gathered: Uint8Array[] = []
  let bytes = 0
  let sending: Sending | undefined
  let dueMs = Number.POSITIVE_INFINITY
  let cancelTimer: (() => void) | undefined
  let running: Promise<Receipt | undefined> | undefined
  let error: HeadwaterError | undefined
  let retryMs = FIRST_RETRY_MS

  const flushBy = (delayMs: number): void => {
    const wantedMs = scheduler.elapsedMs() + delayMs
    if (wantedMs >= dueMs) return
    cancelTimer?.()
    dueMs = wantedMs
    // A failure is kept in `error`, and tried again.
    cancelTimer = scheduler.after(delayMs, () => void flush().catch(() => undefined))
  }
  const takeGathered = (): Sending | undefined => {
    if (gathered.length === 0) return undefined
    const update = gathered.length === 1 ? gathered[0]! : mergeUpdates(gathered)
    gathered = []
    bytes = 0
    const lacking = needs.lacking(update)
    return lacking && { update: lacking, commits: cutCommits(needs.draftsOf(lacking)) }
  }
  const storeAll = async (): Promise<Receipt | undefined> => {
    let receipt: Receipt | undefined
    while (sending || gathered.length > 0) {
      sending ??= takeGathered()
      while (sending?.commits[0]) {
        receipt = await needs.append(sending.commits[0])
        sending.commits.shift()
      }
      if (sending) needs.stored(sending.update)
      sending = undefined
    }
    return receipt
  }
  const flush = (): Promise<Receipt | undefined> => {
    cancelTimer?.()
    dueMs = Number.POSITIVE_INFINITY
    running ??= storeAll().then(
      (receipt) => {
        running = undefined
        error = undefined
        retryMs = FIRST_RETRY_MS
        return receipt
      },
      (cause: unknown) => {
        running = undefined
        if (isHeadwaterError(cause)) error = cause
        if (!isHeadwaterError(cause, 'CLOSED')) flushBy(retryMs)
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
        throw cause
      },
    )
    return running
  }
  return {
    get error() {
      return error
    },
    add(update, own) {
      gathered.push(update)
      bytes += update.length
      flushBy(bytes >= MOST_BYTES ? 0 : own ? OWN_DELAY_MS : BRIDGED_DELAY_MS + 2 * needs.random.bytes(1)[0]!)
    },
    flush,
    stop() {
      cancelTimer?.()
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
