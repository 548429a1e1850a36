/**
 * Merging into the stored log: a plan is made in the transaction, and what it lacks is looked up outside and brought to the
 * next one: held commits compared with the stored ones, stamps and chain hashes of the commits before, and what stands of
 * those that are replaced. Facts hold for one version of the voids; under another they are looked up again.
 */

import { sameBytes } from '../bytes.ts'
import { CHAIN_START } from '../chain.ts'
import type { ChainEntry } from '../chains/chain-vector.ts'
import { type CommitHead, lastSequenceOf } from '../commit.ts'
import { NO_FACTS } from '../foreign.ts'
import { fork } from '../foreign-refusals.ts'
import type { ReplicaId, Sequence } from '../identity.ts'
import type { MergeOptions, MergeResult } from '../log.ts'
import {
  type ForeignCommits,
  type MergeFacts,
  type MissingFacts,
  type Originals,
  originalsKey,
} from '../merge-facts.ts'
import type { Replaced } from '../replaces.ts'
import type { Random } from '../seams.ts'
import type { Voids } from '../voids.ts'
import type { Chains } from './chains.ts'
import type { CommitIndex } from './commit-index.ts'
import { createMergeJob } from './merge-job.ts'
import type { Writer } from './writer.ts'

/** What merging needs. */
export interface MergingContext {
  readonly writer: Writer
  readonly index: CommitIndex
  readonly chains: Chains
  /** What is voided, as this handle knows since its last transaction. */
  readonly voids: () => Voids
  readonly random: Random
}

/** Merges for one handle. */
export type Merging = (commits: ForeignCommits, options: MergeOptions) => Promise<MergeResult>

/** Facts that are being gathered. */
interface Gathering extends MergeFacts {
  readonly compared: Set<CommitHead>
  readonly hashes: Map<ReplicaId, ChainEntry>
  readonly originals: Map<string, Originals>
}

/** Creates a way to merge; chain hashes of what it merged are kept for the next call. */
export function createMerging(context: MergingContext): Merging {
  const { writer, index, random } = context
  let facts = gatherUnder(NO_FACTS.voidsVersion, index)
  return async (commits, options) => {
    facts.compared.clear()
    for (;;) {
      const { job, outcome } = createMergeJob(commits, facts, random, options)
      writer.submit(job)
      const { merged, duplicates, voided, placed, missing, head } = await outcome
      if (!missing) {
        learn(facts, index, placed, commits)
        return { merged, duplicates, voided, head }
      }
      if (missing.voidsVersion !== facts.voidsVersion) facts = gatherUnder(missing.voidsVersion, index)
      index.stand(context.voids())
      await lookUp(context, facts, missing, commits)
    }
  }
}

function gatherUnder(voidsVersion: number, index: CommitIndex): Gathering {
  return {
    voidsVersion,
    compared: new Set(),
    stamps: index.lastStamps,
    hashes: new Map(),
    originals: new Map(),
  }
}

function learn(
  { hashes }: Gathering,
  index: CommitIndex,
  placed: readonly CommitHead[],
  { links }: ForeignCommits,
): void {
  for (const head of placed) {
    index.learnStamp(head)
    const hash = links?.get(head)?.hash
    if (hash) hashes.set(head.replica, { sequence: lastSequenceOf(head), hash })
  }
}

async function lookUp(
  { index, chains }: MergingContext,
  facts: Gathering,
  { uncompared, unfollowed, unlinked, unsearched }: MissingFacts,
  { links }: ForeignCommits,
): Promise<void> {
  if (links) await compareChains(chains, facts, uncompared, links)
  else await compareBytes(index, facts, uncompared)
  for (const commit of unfollowed) await index.findStampBefore(commit)
  for (const { replica, firstSequence } of unlinked) {
    const sequence = (firstSequence - 1) as Sequence
    const [hash] = await chains.hashesOf(replica, [sequence])
    facts.hashes.set(replica, { sequence, hash: hash ?? CHAIN_START })
  }
  for (const replaced of unsearched)
    facts.originals.set(originalsKey(replaced), await findOriginals(chains, replaced))
}

async function compareBytes(
  index: CommitIndex,
  { compared }: Gathering,
  commits: readonly CommitHead[],
): Promise<void> {
  for (const commit of commits) {
    if ((await index.compare(commit)) === 'other') throw fork(commit)
    compared.add(commit)
  }
}

/** Held commits are the stored ones when their chain hashes are: then all that comes before is the same, too. */
async function compareChains(
  chains: Chains,
  { compared }: Gathering,
  commits: readonly CommitHead[],
  links: NonNullable<ForeignCommits['links']>,
): Promise<void> {
  for (const replica of new Set(commits.map((commit) => commit.replica))) {
    const own = commits.filter((commit) => commit.replica === replica)
    const hashes = await chains.hashesOf(replica, own.map(lastSequenceOf))
    for (const [i, commit] of own.entries()) {
      const stored = hashes[i]
      if (!stored || !sameBytes(stored, links.get(commit)!.hash)) throw fork(commit)
      compared.add(commit)
    }
  }
}

/** What stands of a replica from a replaced commit on; nothing when what stands there is another. */
async function findOriginals(chains: Chains, { replica, sequence, hash }: Replaced): Promise<Originals> {
  const { commits } = await chains.gather(replica, sequence - 1)
  const through = commits.length === 0 ? sequence : lastSequenceOf(commits.at(-1)!.head)
  const isIt =
    commits.length > 0 && lastSequenceOf(commits[0]!.head) === sequence && sameBytes(commits[0]!.hash, hash)
  return { through, commits: isIt ? commits : [] }
}
