/**
 * The commits that wait for their receipts, in the order of their appends: those not sent yet, and those in the engine's
 * hands, of which there are at most about 8 MiB at a time; what is more waits here for receipts.
 */
import type { CheckedDrafts, Durability, Offset, Receipt } from '@headwater/log'
import type { CallId } from '../protocol.ts'
import type { Due } from './due.ts'

/** A commit to be appended. */
export interface NewAppend {
  readonly id: CallId
  readonly drafts: CheckedDrafts
  /** About how much it weighs: UTF-16 units of its texts. */
  readonly units: number
  readonly durability: Durability
  readonly signal: AbortSignal | undefined
}

/** A commit that waits for its receipt. */
export interface WaitingAppend extends NewAppend, Due {
  readonly resolve: (receipt: Receipt) => void
  readonly reject: (error: Error) => void
  /** The head known when it was first sent; nothing before that. */
  since: Offset | undefined
  /** In the hands of the engine that is connected now. */
  inFlight: boolean
}

/** The queue. */
export interface AppendQueue {
  readonly waiting: ReadonlyMap<CallId, WaitingAppend>
  /** Puts a commit behind the others; its receipt, or how else it ended. */
  readonly wait: (commit: NewAppend) => Promise<Receipt>
  /** What may be sent now, marked as sent. */
  readonly take: () => readonly WaitingAppend[]
  /** Takes a commit that has ended out of the queue; nothing when it is not there. */
  readonly settle: (id: CallId) => WaitingAppend | undefined
  /** Nothing is in flight any more: all of it is to be sent again. */
  readonly recall: () => void
  /** Resolves when nothing waits. */
  readonly idle: () => Promise<void>
}

const IN_FLIGHT_UNITS = 8_388_608

/** An empty queue. */
export function createAppendQueue(): AppendQueue {
  const waiting = new Map<CallId, WaitingAppend>()
  let unsent: WaitingAppend[] = []
  let inFlightUnits = 0
  const onIdle: (() => void)[] = []
  const fits = (commit: WaitingAppend): boolean => inFlightUnits < IN_FLIGHT_UNITS || !waiting.has(commit.id)
  return {
    waiting,
    wait: (fresh) =>
      new Promise((resolve, reject) => {
        const commit = { ...fresh, resolve, reject, since: undefined, inFlight: false, dueMs: Infinity }
        waiting.set(commit.id, commit)
        unsent.push(commit)
      }),
    take: () => {
      const taken: WaitingAppend[] = []
      let seen = 0
      for (; seen < unsent.length; seen++) {
        const commit = unsent[seen]
        if (!commit || !fits(commit)) break
        if (!waiting.has(commit.id)) continue // ended before it was sent
        commit.inFlight = true
        inFlightUnits += commit.units
        taken.push(commit)
      }
      unsent = unsent.slice(seen)
      return taken
    },
    settle: (id) => {
      const commit = waiting.get(id)
      if (!commit) return undefined
      waiting.delete(id)
      if (commit.inFlight) inFlightUnits -= commit.units
      if (waiting.size === 0) for (const idle of onIdle.splice(0)) idle()
      return commit
    },
    recall: () => {
      unsent = [...waiting.values()]
      for (const commit of unsent) commit.inFlight = false
      inFlightUnits = 0
    },
    idle: () => new Promise((resolve) => (waiting.size === 0 ? resolve() : onIdle.push(resolve))),
  }
}
