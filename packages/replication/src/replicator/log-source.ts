/**
 * The commits of a log as a session's source. A position is an offset. Own commits are given only when a strict write covers
 * them, one such write for each read that needs it; what comes is merged under the leader's epoch, with the chain hash that
 * its sender says it continues, so that a fork is found where it happens.
 *
 * A mark names the commit that ends at its position (replica, first sequence, count, chain hash before it): when the log
 * lost its tail and grew another one, the mark does not fit any more and reading starts at 0.
 */
import {
  type ChainedCommit,
  type EnvelopeKey,
  type ErrorCode,
  HeadwaterError,
  isHeadwaterError,
  type Log,
  type MergeOptions,
  type Offset,
  type ReplicaId,
  type Sequence,
} from '@headwater/log'
import { peerError } from '../codes.ts'
import type { Position, ResumeToken, SentCommit, StreamId, Vector } from '../messages.ts'
import type { Outcome, ReadBatch, Source } from '../source.ts'
import { createFieldReader, createFieldWriter } from '../wire/fields.ts'
import { type Epoch, leading } from './epoch.ts'
import { onRevision } from './revisions.ts'

/** How a log takes part. */
export interface LogSourceOptions {
  /** The epoch of the lease under which commits are merged, where there is a leader. */
  readonly epoch?: Epoch
  /** How far ahead of this clock a foreign stamp may be; default 24 hours. */
  readonly maxDriftMs?: () => number
  /** Commits that came damaged before, in this session or an earlier one: again, and it is not the way that they took. */
  readonly cameDamaged?: Set<string>
}

/** Refusals of single commits: the others are stored. All else ends the session. */
const REFUSABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'FORK',
  'SEQUENCE_GAP',
  'STAMP_AHEAD',
  'COMMIT_DAMAGED',
])
const MARK_BYTES = 12 + 8 + 8 + 32

/** The source of a log, for one session: when another replica writes here than it said, the session ends and another one begins. */
export function createLogSource(log: Log, options: LogSourceOptions = {}): Source {
  let hardenedTo = 0
  let said: ReplicaId | undefined
  const isRenewed = (): boolean => said !== undefined && log.replica !== said
  return {
    stream: log.id as string as StreamId, // both are 16 characters that name a log
    get replica() {
      said ??= log.replica
      return said
    },
    get own() {
      return log.own
    },
    get head() {
      return log.head as number as Position
    },
    vector: async () => {
      const chains = await log.chains()
      if (isRenewed()) throw peerError('FORK', 'Another replica writes here now; both sides compare anew.')
      return new Map(chains.entries()) satisfies Vector
    },
    read: async (after, request) => {
      const batch = await log.readChained(after as number as Offset, request)
      const wanted = batch.commits.filter((commit) => request.lacks(commit.replica, lastSequenceOf(commit)))
      if (wanted.some((commit) => commit.isOwn && endOf(commit) > hardenedTo)) hardenedTo = await log.harden()
      const sent = await toSent(log, wanted)
      return toBatch(batch.commits, sent, batch.through as number as Position, batch.through >= log.head)
    },
    store: (commits) => storeCommits(log, commits, options),
    hashesOf: (replica, sequences) => log.hashesOf(replica, sequences),
    resume: (token) => fitToken(log, token),
    subscribe: (listener) => {
      // Whoever changed it: what is written from now on must not go by the hello that was said.
      const look = (): void => listener(isRenewed() ? 'revised' : 'changed')
      const stops = [log.subscribe(look), onRevision(log, () => listener('revised'))]
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}

function toBatch(
  read: readonly ChainedCommit[],
  commits: readonly SentCommit[],
  through: Position,
  isEnd: boolean,
): ReadBatch {
  const last = read.at(-1)
  const isMarked = last !== undefined && endOf(last) === through
  return { commits, through, mark: isMarked ? markOf(last) : NOTHING, isEnd }
}

/** Other people's commits go with what a hub once said of them, so that one that forgot them knows whose they are. */
async function toSent(log: Log, commits: readonly ChainedCommit[]): Promise<readonly SentCommit[]> {
  const ends = commits.filter(({ isOwn }) => !isOwn).map(toEnd)
  const kept = (await log.envelopes.find(ends)).values()
  return commits.map((commit) => {
    const { previous, bytes, firstSequence } = commit
    const envelope = (commit.isOwn ? undefined : kept.next().value) ?? NOTHING
    return { position: endOf(commit) as Position, previous, envelope, bytes, firstSequence, ...toEnd(commit) }
  })
}

function toEnd(commit: ChainedCommit): EnvelopeKey {
  return { replica: commit.replica, lastSequence: lastSequenceOf(commit) }
}

const NOTHING = new Uint8Array(0)

function lastSequenceOf({ firstSequence, count }: ChainedCommit): Sequence {
  return (firstSequence + count - 1) as Sequence
}

/** The offset of its last event. */
function endOf({ firstOffset, count }: ChainedCommit): number {
  return firstOffset + count - 1
}

function markOf({ replica, firstSequence, count, previous }: ChainedCommit): Uint8Array {
  const writer = createFieldWriter(MARK_BYTES)
  writer.id(replica)
  writer.u64(firstSequence)
  writer.u64(count)
  writer.raw(previous)
  return writer.finish()
}

async function fitToken(log: Log, { position, mark }: ResumeToken): Promise<Position | undefined> {
  if (mark.length !== MARK_BYTES || position > log.head) return undefined
  const reader = createFieldReader(mark.subarray(12))
  reader.u64()
  const before = (position - reader.u64()) as Offset
  if (before < 0) return undefined
  const [commit] = (await log.readChained(before, { maxBytes: 1 })).commits
  if (!commit || endOf(commit) !== position) return undefined
  return markOf(commit).every((byte, i) => byte === mark[i]) ? position : undefined
}

async function storeCommits(
  log: Log,
  commits: readonly SentCommit[],
  options: LogSourceOptions,
): Promise<readonly Outcome[]> {
  if (commits.length === 0) return []
  try {
    return await mergeAll(log, commits, options)
  } catch (error) {
    const replica = refusedReplica(error, options)
    if (replica === undefined) throw error
    return storeApart(log, commits, (commit) => commit.replica === replica, options)
  }
}

/** One replica's commits are stored one by one, up to the one that is refused, the others together. */
async function storeApart(
  log: Log,
  commits: readonly SentCommit[],
  isApart: (commit: SentCommit) => boolean,
  options: LogSourceOptions,
): Promise<readonly Outcome[]> {
  const apart = await storeOneByOne(log, commits.filter(isApart), options)
  const rest = await storeCommits(
    log,
    commits.filter((commit) => !isApart(commit)),
    options,
  )
  const outcomes = { apart: apart.values(), rest: rest.values() }
  return commits.map((commit) => outcomes[isApart(commit) ? 'apart' : 'rest'].next().value!)
}

async function storeOneByOne(
  log: Log,
  commits: readonly SentCommit[],
  options: LogSourceOptions,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const commit of commits) {
    const last = outcomes.at(-1)
    outcomes.push(last?.type === 'refused' ? BEHIND_REFUSED : await storeOne(log, commit, options))
  }
  return outcomes
}

const BEHIND_REFUSED: Outcome = { type: 'refused', code: 'SEQUENCE_GAP', facts: {} }

async function storeOne(log: Log, commit: SentCommit, options: LogSourceOptions): Promise<Outcome> {
  try {
    return (await mergeAll(log, [commit], options))[0]!
  } catch (error) {
    if (refusedReplica(error, options) === undefined || !isHeadwaterError(error)) throw error
    return { type: 'refused', code: error.code, facts: error.facts }
  }
}

/**
 * All or none; when only some were new, the last of them are taken to be. Envelopes are kept behind the commits: a crash
 * between them loses what another could relay, and no event.
 */
async function mergeAll(
  log: Log,
  commits: readonly SentCommit[],
  { epoch, maxDriftMs }: LogSourceOptions,
): Promise<readonly Outcome[]> {
  const lead = epoch ? leading(epoch) : {}
  const options: MergeOptions = {
    previous: commits.map(({ previous }) => previous),
    ...lead,
    ...(maxDriftMs ? { maxDriftMs: maxDriftMs() } : {}),
  }
  const { merged } = await log.merge(
    commits.map(({ bytes }) => bytes),
    options,
  )
  await log.envelopes.keep(commits, lead)
  let unseen = merged
  return commits
    .toReversed()
    .map((commit): Outcome => {
      const isNew = unseen > 0
      unseen -= commit.lastSequence - commit.firstSequence + 1
      return { type: isNew ? 'stored' : 'held' }
    })
    .toReversed()
}

function refusedReplica(error: unknown, { cameDamaged }: LogSourceOptions): string | undefined {
  if (!(error instanceof HeadwaterError) || !REFUSABLE.has(error.code)) return undefined
  const { replica, firstSequence } = error.facts
  if (typeof replica !== 'string') return undefined
  return error.code === 'COMMIT_DAMAGED' && !isAgain(`${replica} ${firstSequence}`, cameDamaged)
    ? undefined
    : replica
}

/** The first time the session ends, and the next one asks for it once more: what was spoilt on its way comes right then. */
function isAgain(commit: string, cameDamaged: Set<string> | undefined): boolean {
  if (cameDamaged?.has(commit)) return true
  if (cameDamaged && cameDamaged.size >= MAX_DAMAGED) cameDamaged.clear() // they are asked for once more
  cameDamaged?.add(commit)
  return false
}

const MAX_DAMAGED = 1_000
