/**
 * What replication needs of a log, over the stored one: chains, reissuing, setting aside, and the clock's offset, through the
 * writer's queue, so that they keep their order with appends.
 */
import { assert } from '../assert.ts'
import { startFold } from '../chains/chain-fold.ts'
import { laterTimestamp, NO_TIME, restartedClock } from '../clock.ts'
import type { Exchange, LeaderOptions, Reissued, ReissueOptions, SetAside } from '../exchange.ts'
import { standingReceipt } from '../find-receipt.ts'
import type { FinishedPlan } from '../grouping.ts'
import type { Head } from '../head.ts'
import { drawId, type Offset, type ReplicaId } from '../identity.ts'
import type { Gate } from '../refusals.ts'
import { planReissue, type ReissuePlan } from '../reissue.ts'
import { planRenew } from '../renew.ts'
import type { Random } from '../seams.ts'
import { planSetAside } from '../set-aside.ts'
import { countEvents } from '../voiding.ts'
import { voidedAt } from '../voids.ts'
import { createLease, createNotes } from './book.ts'
import type { Chains } from './chains.ts'
import type { Connection } from './connection.ts'
import { createEnvelopes } from './envelopes.ts'
import { type AloneJob, createDeferred, type Job } from './job.ts'
import { type ReaderContext, scanCommits } from './reader.ts'
import { createStandingJob, type Gathered, type Whole } from './reissue-job.ts'
import type { Writer } from './writer.ts'

/** What the acts need. */
export interface ExchangeContext {
  readonly connection: Connection
  readonly keyRange: typeof IDBKeyRange
  readonly random: Random
  readonly gate: Gate
  readonly writer: Writer
  readonly chains: Chains
  readonly reader: ReaderContext
  /** Looks into the store. */
  readonly look: () => Promise<Head>
}

/** The acts of one handle. */
export function createExchange(context: ExchangeContext): Omit<Exchange, 'clockOffsetMs' | 'harden'> {
  const { gate, chains, connection, look } = context
  return {
    chains: async () => {
      gate.pass()
      return chains.vector()
    },
    hashesOf: async (replica, sequences) => {
      gate.pass()
      return chains.hashesOf(replica, sequences)
    },
    reissue: (options) => reissue(context, options),
    renew: (options = {}) => renew(context, options),
    setAside: (replica, after, options = {}) => setAside(context, replica, after, options),
    setClockOffset: (offsetMs, options = {}) => setClockOffset(context, offsetMs, options),
    findReceipt: async (receipt) => {
      gate.pass()
      return standingReceipt((await look()).voids, receipt)
    },
    lease: createLease(connection, gate),
    notes: createNotes(connection, gate),
    envelopes: createEnvelopes(context),
  }
}

async function reissue(context: ExchangeContext, options: ReissueOptions): Promise<Reissued> {
  const { gate, random } = context
  const { replica, after, clockOffsetMs } = options
  gate.pass(options.signal)
  const fresh = drawId<ReplicaId>(random)
  let last: ReissuePlan | undefined
  const plan = (head: Head, nowMs: number, { commits, clock }: Whole): ReissuePlan => {
    assert(head.own.has(replica), 'only own commits are reissued')
    const facts = { commits, replica: fresh }
    const restart = clockOffsetMs !== undefined && {
      restart: { clock: restartedClock(clock, nowMs + clockOffsetMs), clockOffsetMs },
    }
    last = planReissue(head, nowMs, { ...facts, ...restart })
    return last
  }
  const isStored = (head: Head): boolean => head.own.has(fresh)
  const done = await attempt(
    context,
    { replica, after, wantsClock: clockOffsetMs !== undefined },
    plan,
    options,
    isStored,
  )
  const { placements, head } = done?.plan ?? last!
  const receipts = placements.map((placement) => ({
    ...placement,
    held: done?.held ?? ('committed' as const),
  }))
  return { replica: head.replica, receipts, head: lastOf(head) }
}

async function setAside(
  context: ExchangeContext,
  replica: ReplicaId,
  after: number,
  options: LeaderOptions,
): Promise<SetAside> {
  context.gate.pass(options.signal)
  let events = 0
  const plan = (head: Head, _nowMs: number, { commits }: Whole): FinishedPlan => {
    events = countEvents(commits.map((commit) => commit.head))
    return planSetAside(head, commits)
  }
  const done = await attempt(context, { replica, after, wantsClock: false }, plan, options, () => false)
  return { events, head: lastOf(done!.plan.head) }
}

async function setClockOffset(
  context: ExchangeContext,
  clockOffsetMs: number,
  options: LeaderOptions,
): Promise<void> {
  await change(context, options, (head) => ({ records: [], head: { ...head, clockOffsetMs } }))
}

async function renew(context: ExchangeContext, options: LeaderOptions): Promise<ReplicaId> {
  const fresh = drawId<ReplicaId>(context.random)
  await change(context, options, (head) => planRenew(head, fresh))
  return (await context.look()).replica
}

/** Changes what goes with the head, by a plan that may be made again. */
function change(
  { gate, writer }: ExchangeContext,
  { durability = 'relaxed', signal, epoch }: LeaderOptions,
  plan: AloneJob['plan'],
): Promise<void> {
  gate.pass(signal)
  const { promise, resolve, reject } = createDeferred<void>()
  const alone: AloneJob = { look: async () => undefined, plan }
  const job: Job = {
    durability,
    signal,
    epoch,
    bytes: 0,
    commitId: undefined,
    alone,
    place: () => undefined,
    done: () => resolve(),
    found: () => undefined,
    failed: reject,
  }
  writer.submit(job)
  return promise
}

interface WhichCommits {
  readonly replica: ReplicaId
  readonly after: number
  /** Whether the latest stamp of all others is wanted. */
  readonly wantsClock: boolean
}

/** Gathers and submits until what was gathered still held; undefined when an earlier try turns out to be stored. */
async function attempt<Plan extends FinishedPlan>(
  context: ExchangeContext,
  which: WhichCommits,
  plan: (head: Head, nowMs: number, whole: Whole) => Plan,
  options: LeaderOptions,
  isStored: (head: Head) => boolean,
): Promise<{ readonly plan: Plan; readonly held: 'committed' | 'durable' } | undefined> {
  const { writer, keyRange, look } = context
  for (;;) {
    const gathered = await gather(context, which)
    const { job, attempt: tried } = createStandingJob(gathered, plan, options, keyRange)
    writer.submit(job)
    const done = await tried
    if (done) return done
    if (isStored(await look())) return undefined
  }
}

async function gather({ chains, reader }: ExchangeContext, which: WhichCommits): Promise<Gathered> {
  const { replica, after, wantsClock } = which
  const { commits, voids, chain } = await chains.gather(replica, after)
  const fold = startFold(chain, voids)
  let clock = NO_TIME
  if (wantsClock) {
    await scanCommits(reader, 0 as Offset, ({ firstOffset, head }) => {
      const isOther = head.replica !== replica || head.firstSequence + head.count - 1 <= after
      if (isOther && firstOffset <= chain.offset && !voidedAt(voids, firstOffset))
        clock = laterTimestamp(clock, head.timestamp)
    })
  }
  return { replica, after, commits, fold, voidsVersion: voids.version, clock }
}

function lastOf(head: Head): Offset {
  return (head.nextOffset - 1) as Offset
}
