// What one replica has been promised, and whether its log keeps the promises. Checked after every step against what really
// lies on the disk.
//
// - Nothing acknowledged is lost: a receipt's commit is there, at its offset; a crash of the machine may take relaxed ones,
//   then all that came after them too, and never a durable one (L1, L5, R1).
// - Nothing refused is there: an error that says so tells the truth.
// - Nothing counts twice: no commit id, no draft (L3, R2).
// - Of what stands, sequences follow each other without a gap per replica, and stamps rise (L3, L4). Offsets do so for all
//   that was written (`oracle.ts`, L2).
//
// A commit that was reissued keeps its promise under the name of its replacement: the same commit id, another replica.

import { deepStrictEqual } from 'node:assert'
import type { Receipt } from '@headwater/log'
import type { LoggedCommit, LoggedLog } from './oracle.ts'

/** The promises of one log. */
export interface Ledger {
  /** Takes note of a receipt. */
  promise(receipt: Receipt): void
  /** Takes note that drafts were refused, by their nonces. */
  refuse(nonces: readonly number[]): void
  /** Power was lost: relaxed commits that are gone are forgotten. */
  crashed(log: LoggedLog): void
  /** Throws when a promise is broken. */
  check(log: LoggedLog): void
}

export function createLedger(): Ledger {
  const promised = new Map<string, Receipt>()
  const refused = new Set<number>()
  return {
    promise: (receipt) => promised.set(receipt.commitId, receipt),
    refuse: (nonces) => {
      for (const nonce of nonces) refused.add(nonce)
    },
    crashed: (log) => {
      const there = new Set(log.commits.map(({ commitId }) => commitId))
      const isGone = ({ commitId, held }: Receipt): boolean => held === 'committed' && !there.has(commitId)
      for (const receipt of [...promised.values()].filter(isGone)) promised.delete(receipt.commitId)
    },
    check: (log) => {
      checkOrder(log)
      checkOnce(log)
      for (const nonce of noncesOf(log))
        if (refused.has(nonce)) throw new Error(`draft ${nonce} was refused, and is in the log`)
      const byId = new Map(log.commits.map((commit) => [commit.commitId, commit]))
      for (const receipt of promised.values()) {
        const fallen = log.written.find(({ commitId }) => commitId === receipt.commitId)
        checkPromise(receipt, byId.get(receipt.commitId), fallen ? 'it was voided' : 'it is not there')
      }
    },
  }
}

function noncesOf({ commits }: LoggedLog): readonly number[] {
  return commits.flatMap(({ events }) =>
    events.flatMap(({ data }) => (data.nonce === undefined ? [] : [Number(data.nonce)])),
  )
}

function checkPromise(receipt: Receipt, commit: LoggedCommit | undefined, why: string): void {
  if (!commit) throw new Error(`an acknowledged commit is lost, ${why}: ${JSON.stringify(receipt)}`)
  if (isReissue(receipt, commit)) return
  const { replica, firstSequence, count, timestamp, offset } = commit
  deepStrictEqual(
    { replica, firstSequence, count, timestamp, offset: offset + count - 1 },
    {
      replica: receipt.replica,
      firstSequence: receipt.firstSequence,
      count: receipt.count,
      timestamp: receipt.timestamp,
      offset: receipt.offset,
    },
    'a receipt says something else than the log',
  )
}

/** The same commit, or the one that took its place under another replica. */
function isReissue({ replica }: Receipt, commit: LoggedCommit): boolean {
  return commit.replica !== replica
}

function checkOrder({ standing }: LoggedLog): void {
  const last = new Map<string, LoggedCommit>()
  for (const commit of standing) {
    const before = last.get(commit.replica)
    const expected = before ? before.firstSequence + before.count : 1
    if (commit.firstSequence !== expected)
      throw new Error(`${commit.replica} goes on at sequence ${commit.firstSequence}, not ${expected}`)
    if (before && commit.timestamp <= before.timestamp)
      throw new Error(`a stamp of ${commit.replica} does not rise`)
    last.set(commit.replica, commit)
  }
}

function checkOnce({ commits }: LoggedLog): void {
  const seen = new Set<unknown>()
  for (const { commitId, events } of commits) {
    const marks = [commitId, ...events.flatMap(({ data }) => data.nonce ?? [])]
    for (const mark of marks) {
      if (seen.has(mark)) throw new Error(`${JSON.stringify(mark)} is in the log twice`)
      seen.add(mark)
    }
  }
}
