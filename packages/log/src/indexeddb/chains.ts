/**
 * The chains of one handle: chain vectors at any offset, folded from the nearest checkpoint on. The last few states stay in
 * memory, so that who reads on folds nothing twice. Nothing here is on the way of an append.
 */
import { CHAIN_START } from '../chain.ts'
import {
  type ChainFold,
  type ChainState,
  type FoldedCommit,
  NO_CHAINS,
  startFold,
} from '../chains/chain-fold.ts'
import { type ChainVector, createChainVector } from '../chains/chain-vector.ts'
import { distanceFor } from '../chains/checkpoint.ts'
import { createStateMemory } from '../chains/state-memory.ts'
import { lastSequenceOf } from '../commit.ts'
import type { Offset, ReplicaId } from '../identity.ts'
import type { ChainedCommit, CommitBatch } from '../log.ts'
import { commitBytes } from '../record.ts'
import { refuseAborted } from '../refusals.ts'
import { chainedCommit, cutCommits } from '../run.ts'
import type { StandingCommit } from '../standing.ts'
import type { Voids } from '../voids.ts'
import type { ChainStore } from './chain-store.ts'
import type { RunCache } from './run-cache.ts'

/** What stands, as it is right now in the store. */
export interface StandingHead {
  /** The newest offset. */
  readonly head: Offset
  readonly voids: Voids
  readonly own: ReadonlySet<ReplicaId>
}

/** What chains are computed from. */
export interface ChainsContext {
  readonly runs: RunCache
  readonly store: ChainStore
  /** Looks into the store. */
  readonly look: () => Promise<StandingHead>
}

/** Standing commits of one replica, and the chains at the end of the log when they were gathered. */
export interface Gathered {
  readonly commits: readonly StandingCommit[]
  readonly voids: Voids
  readonly chain: ChainState
}

/** The chains of a log. */
export interface Chains {
  vector(): Promise<ChainVector>
  hashesOf(replica: ReplicaId, sequences: readonly number[]): Promise<readonly (Uint8Array | undefined)[]>
  read(after: Offset, maxBytes: number, signal: AbortSignal | undefined): Promise<CommitBatch<ChainedCommit>>
  /** The standing commits of a replica that end behind a sequence, with all of their bytes. */
  gather(replica: ReplicaId, after: number): Promise<Gathered>
}

/** States that stay in memory. */
const MOST_STATES = 4

/** The chains over a context. */
export function createChains(context: ChainsContext): Chains {
  const { store, look } = context
  const memory = createStateMemory(MOST_STATES)
  /** A fold that has reached `offset`, and no commit that begins behind it. */
  const foldTo = async (offset: Offset, voids: Voids): Promise<ChainFold> => {
    const known = memory.nearest(offset, voids)
    const stored = await store.nearest(voids, (state) => state.offset <= offset)
    const fold = startFold(known && known.offset >= stored.offset ? known : stored, voids)
    await advance(context, fold, offset)
    memory.keep(fold.state())
    return fold
  }
  return {
    vector: async () => {
      const { head, voids } = await look()
      return createChainVector((await foldTo(head, voids)).state().entries)
    },
    hashesOf: (replica, sequences) =>
      hashesOf(context, replica, sequences, (fold, to, see) => advance(context, fold, to, see)),
    gather: async (replica, after) => {
      const { voids, head } = await look()
      const isBelow = ({ entries }: ChainState): boolean => (entries.get(replica)?.sequence ?? 0) <= after
      const fold = startFold(await store.nearest(voids, isBelow), voids)
      const commits: StandingCommit[] = []
      await advance(context, fold, head, (folded) => {
        const found = folded.commit.head
        if (found.replica === replica && lastSequenceOf(found) > after) commits.push(standingCommit(folded))
        return true
      })
      return { commits, voids, chain: fold.state() }
    },
    read: async (after, maxBytes, signal) => {
      const { head, voids, own } = await look()
      const fold = await foldTo(after, voids)
      const batch = await readFrom(context, fold, { after, head, voids, own, maxBytes, signal })
      memory.keep(fold.state())
      return batch
    },
  }
}

/** A folded commit with its bytes. */
export function standingCommit({ view, commit, hash }: FoldedCommit): StandingCommit {
  return { firstOffset: commit.firstOffset, head: commit.head, hash, bytes: commitBytes(view, commit) }
}

/** Folds up to `to`, or until `see` answers false, and stores checkpoints on the way. */
async function advance(
  { runs, store }: ChainsContext,
  fold: ChainFold,
  to: Offset,
  see: (folded: FoldedCommit) => boolean = () => true,
): Promise<void> {
  const states: ChainState[] = []
  let bytes = 0
  let goesOn = true
  while (goesOn && fold.offset < to) {
    const run = await runs.passingRun(fold.offset + 1)
    fold.fold(run.records, to, (folded) => {
      bytes += folded.commit.head.bodiesAt + folded.commit.head.bodiesLength
      goesOn = see(folded) && goesOn
    })
    if (run.damage && run.through < to) throw run.damage
    if (run.through >= to || run.isLast) fold.skipTo(to)
    else fold.skipTo(run.through)
    const state = fold.state()
    if (bytes >= distanceFor(state)) {
      states.push(state)
      bytes = 0
    }
  }
  if (states.length > 0) await store.put(states)
}

/** Chain hashes of a replica at some sequences, each folded from the checkpoint before it. */
async function hashesOf(
  { store, look }: ChainsContext,
  replica: ReplicaId,
  sequences: readonly number[],
  foldOn: (fold: ChainFold, to: Offset, see: (folded: FoldedCommit) => boolean) => Promise<void>,
): Promise<readonly (Uint8Array | undefined)[]> {
  const { voids, head } = await look()
  const found = new Map<number, Uint8Array>([[0, CHAIN_START]])
  const note = ({ entries }: ChainState): number => {
    const entry = entries.get(replica)
    if (entry) found.set(entry.sequence, entry.hash)
    return entry?.sequence ?? 0
  }
  let fold = startFold(NO_CHAINS, voids)
  for (const sequence of [...sequences].sort((a, b) => a - b)) {
    const isBelow = ({ entries }: ChainState): boolean => (entries.get(replica)?.sequence ?? 0) <= sequence
    const nearest = await store.nearest(voids, isBelow)
    if (nearest.offset > fold.offset) fold = startFold(nearest, voids)
    if (note(fold.state()) >= sequence) continue
    await foldOn(fold, head, ({ commit, hash }) => {
      if (commit.head.replica !== replica) return true
      found.set(lastSequenceOf(commit.head), hash)
      return lastSequenceOf(commit.head) < sequence
    })
  }
  return sequences.map((sequence) => found.get(sequence))
}

interface ChainReading extends StandingHead {
  readonly after: Offset
  readonly maxBytes: number
  readonly signal: AbortSignal | undefined
}

/** Commits from where a fold has arrived on; the fold moves on with them. Nothing behind the head that was looked at. */
async function readFrom(
  { runs }: ChainsContext,
  fold: ChainFold,
  { after, head, voids, own, maxBytes, signal }: ChainReading,
): Promise<CommitBatch<ChainedCommit>> {
  for (let from = after; from < head; ) {
    const run = await runs.runFrom(from + 1)
    refuseAborted(signal)
    const records = run.records.filter(({ view }) => view.firstOffset <= head)
    const { commits, through } = cutCommits(records, from, maxBytes, voids)
    const previous = new Map<Offset, Uint8Array>()
    fold.fold(records, through, (folded) => previous.set(folded.commit.firstOffset, folded.previous))
    fold.skipTo(through)
    if (commits.length > 0) {
      const chained = commits.map((each) => chainedCommit(each, previous.get(each.commit.firstOffset)!, own))
      return { commits: chained, through }
    }
    if (run.damage) throw run.damage
    if (through <= from) break
    from = through
  }
  return { commits: [], through: after }
}
