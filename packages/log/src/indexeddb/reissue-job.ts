/**
 * Reissuing and setting aside as jobs of the writer, each alone in its transaction. What they void is gathered outside as far
 * as the log reaches then; what another tab has put behind it meanwhile is gathered inside the transaction, so that
 * nothing can come between and no writer, however busy, can hold them up.
 */
import { type ChainFold, startFold } from '../chains/chain-fold.ts'
import { laterTimestamp } from '../clock.ts'
import { lastSequenceOf } from '../commit.ts'
import type { LeaderOptions } from '../exchange.ts'
import type { FinishedPlan } from '../grouping.ts'
import type { Head } from '../head.ts'
import type { Offset, ReplicaId, Timestamp } from '../identity.ts'
import type { StandingCommit } from '../standing.ts'
import { standingCommit } from './chains.ts'
import { fetchRunFrom } from './fetch.ts'
import { createDeferred, type Job } from './job.ts'

/** What was gathered before the transaction. */
export interface Gathered {
  readonly replica: ReplicaId
  readonly after: number
  /** Standing commits of the replica that end behind `after`. */
  readonly commits: readonly StandingCommit[]
  /** The chain at `fold.offset`, up to which all of this was gathered. */
  readonly fold: ChainFold
  /** The version of the voids under which it was. */
  readonly voidsVersion: number
  /** The latest stamp of other standing commits, where it is wanted. */
  readonly clock: Timestamp
}

/** What was gathered, brought up to the true head. */
export type Whole = Pick<Gathered, 'commits' | 'clock'>

/** What came of a job: nothing when what was gathered is worthless by now, and must be gathered again. */
export type Attempt<Plan extends FinishedPlan> =
  | { readonly plan: Plan; readonly held: 'committed' | 'durable' }
  | undefined

/** A job that plans from gathered commits. */
export function createStandingJob<Plan extends FinishedPlan>(
  gathered: Gathered,
  plan: (head: Head, nowMs: number, whole: Whole) => Plan,
  { durability = 'relaxed', signal, epoch }: LeaderOptions,
  keyRange: typeof IDBKeyRange,
): { job: Job; attempt: Promise<Attempt<Plan>> } {
  const { promise, resolve, reject } = createDeferred<Attempt<Plan>>()
  let whole: Whole | undefined
  let planned: Plan | undefined
  const job: Job = {
    durability,
    signal,
    epoch,
    bytes: gathered.commits.reduce((sum, { bytes }) => sum + bytes.length, 0),
    commitId: undefined,
    alone: {
      look: async (records, head) => {
        const isStale = head.voids.version !== gathered.voidsVersion
        whole = isStale ? undefined : await gatherRest(gathered, records, head, keyRange)
      },
      plan: (head, nowMs) => {
        planned = whole && plan(head, nowMs, whole)
        return planned ?? { records: [], head }
      },
    },
    place: () => undefined,
    done: (held) => resolve(planned && { plan: planned, held }),
    found: () => undefined,
    failed: reject,
  }
  return { job, attempt: promise }
}

/** Records that one look fetches at a time. */
const RECORDS_AT_ONCE = 256

async function gatherRest(
  gathered: Gathered,
  records: IDBObjectStore,
  head: Head,
  keyRange: typeof IDBKeyRange,
): Promise<Whole> {
  const { replica, after } = gathered
  const fold = startFold(gathered.fold.state(), head.voids)
  const commits = [...gathered.commits]
  let { clock } = gathered
  const to = (head.nextOffset - 1) as Offset
  while (fold.offset < to) {
    const run = await fetchRunFrom(records, fold.offset + 1, RECORDS_AT_ONCE, keyRange)
    fold.fold(run.records, to, (folded) => {
      const { head: found } = folded.commit
      if (found.replica === replica && lastSequenceOf(found) > after) commits.push(standingCommit(folded))
      else clock = laterTimestamp(clock, found.timestamp)
    })
    if (run.damage) throw run.damage
    fold.skipTo(run.isLast ? to : run.through)
  }
  return { commits, clock }
}
