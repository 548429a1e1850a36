/**
 * Appends that are tried again, because a worker died or a page lost the answer: each may have been stored by the first try.
 * All that are handed in together are looked for in one pass through the log, however many they are, and whatever is
 * appended meanwhile waits behind them, so that commits keep the order in which they were handed in.
 */
import type { CommitId, Offset } from '../identity.ts'
import type { Receipt } from '../log.ts'

/** The way of appends past those that are tried again. */
export interface Retries {
  /** Whether an append has to wait behind others. */
  readonly isPending: boolean
  /** Calls `go` with the receipt of an earlier try, if there is one, when its turn has come. */
  pass(
    commitId: CommitId,
    since: Offset | undefined,
    go: (stored: Receipt | undefined) => Promise<Receipt>,
  ): Promise<Receipt>
}

/** Receipts of those of these commits that are stored behind `since`. */
export type FindReceipts = (
  ids: ReadonlySet<CommitId>,
  since: Offset,
) => Promise<ReadonlyMap<CommitId, Receipt>>

/** One pass through the log. */
interface Look {
  readonly ids: Set<CommitId>
  since: Offset
  readonly found: Promise<ReadonlyMap<CommitId, Receipt>>
}

const NOTHING: ReadonlyMap<CommitId, Receipt> = new Map()

/** Nothing is tried again yet. */
export function createRetries(findReceipts: FindReceipts): Retries {
  let waiting = 0
  let gathering: Look | undefined
  let last: Promise<ReadonlyMap<CommitId, Receipt>> = Promise.resolve(NOTHING)

  const beginLook = (since: Offset): Look => {
    const before = last.catch(() => undefined) // whoever waits for that one hears of it
    const ids = new Set<CommitId>()
    const found = before.then(() => {
      gathering = undefined
      return findReceipts(ids, look.since)
    })
    const look: Look = { ids, since, found }
    last = found
    return look
  }
  const lookFor = (commitId: CommitId, since: Offset): Look['found'] => {
    gathering ??= beginLook(since)
    gathering.ids.add(commitId)
    if (since < gathering.since) gathering.since = since
    return gathering.found
  }
  const behindOthers = (): Look['found'] => last.catch(() => NOTHING)
  return {
    get isPending() {
      return waiting > 0
    },
    async pass(commitId, since, go) {
      waiting++
      let found = NOTHING
      try {
        found = await (since === undefined ? behindOthers() : lookFor(commitId, since))
      } finally {
        waiting--
      }
      return go(found.get(commitId))
    },
  }
}
