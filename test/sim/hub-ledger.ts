// What the hub has stored, and whether it keeps it. Checked after every step.
//
// - Positions have no gaps: each commit gets the one behind the last (R1).
// - What was stored once stands, itself or as its reissue, until the hub is put back to an older backup (R1, R8).
// - Nothing stands twice, and of what stands, the sequences of a replica follow each other without a gap and its stamps rise
//   (R2, L3, L4).

import type { Placed } from '../../packages/hub/src/store/store.ts'

/** A commit that stands at the hub. */
export interface StandingCommit {
  readonly replica: string
  readonly firstSequence: number
  readonly count: number
  readonly timestamp: number
  readonly commitId: string
}

/** The promises of the hub. */
export interface HubLedger {
  /** How often it was put back to a backup. */
  readonly restores: number
  /** Takes note of where it placed a commit. */
  readonly placed: (placed: Placed) => void
  /** It was put back to a backup that ends here: what is missing of what stood is sent again. */
  restored(head: number): void
  /** Throws when a promise is broken. */
  check(standing: readonly StandingCommit[]): void
}

export function createHubLedger(): HubLedger {
  let head = 0
  let restores = 0
  let gap: Error | undefined
  let stood: ReadonlySet<string> = new Set()
  return {
    get restores() {
      return restores
    },
    placed: ({ position }) => {
      if (position !== head + 1)
        gap ??= new Error(`the hub gives position ${position} where ${head + 1} was next`)
      head = position
    },
    restored: (restoredHead) => {
      restores++
      head = restoredHead
      stood = new Set()
    },
    check: (standing) => {
      if (gap) throw gap
      checkChains(standing)
      const stands = idsOf(standing)
      if (stands.size < standing.length) throw new Error('a commit stands at the hub twice')
      for (const id of stood) if (!stands.has(id)) throw new Error(`the hub has lost commit ${id}`)
      stood = stands
    },
  }
}

function idsOf(standing: readonly StandingCommit[]): ReadonlySet<string> {
  return new Set(standing.map(({ commitId }) => commitId))
}

function checkChains(standing: readonly StandingCommit[]): void {
  const last = new Map<string, StandingCommit>()
  for (const commit of standing) {
    const before = last.get(commit.replica)
    const expected = before ? before.firstSequence + before.count : 1
    if (commit.firstSequence !== expected)
      throw new Error(`at the hub ${commit.replica} goes on at ${commit.firstSequence}, not at ${expected}`)
    if (before && commit.timestamp <= before.timestamp)
      throw new Error(`at the hub a stamp of ${commit.replica} does not rise`)
    last.set(commit.replica, commit)
  }
}
