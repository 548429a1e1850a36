/**
 * What replication needs of a log, over a memory store: each act is one step that nothing comes between.
 */
import { assert } from './assert.ts'
import { CHAIN_START } from './chain.ts'
import { laterTimestamp, NO_TIME, restartedClock } from './clock.ts'
import { lastSequenceOf } from './commit.ts'
import { type EnvelopeKey, MAX_ENVELOPE_BYTES } from './envelopes.ts'
import type { Envelopes, Exchange, LeaderOptions, Reissued, ReissueOptions, SetAside } from './exchange.ts'
import { standingReceipt } from './find-receipt.ts'
import { drawId, type ReplicaId, type Sequence, type Timestamp } from './identity.ts'
import { freezeJson } from './json.ts'
import { type LeaseBook, supersededBy, takeLease } from './lease.ts'
import { type ChainedStanding, vectorOf } from './memory-standing.ts'
import { lastOffset, type MemoryHandle, standingIn, storePlan } from './memory-store.ts'
import { planReissue, type ReissueFacts } from './reissue.ts'
import { planRenew } from './renew.ts'
import { planSetAside } from './set-aside.ts'

type Acts = Omit<Exchange, 'clockOffsetMs'> & { readonly clockOffset: () => number }

/** The acts of a handle. */
export function createMemoryExchange(handle: MemoryHandle): Acts {
  const { store, gate } = handle
  return {
    chains: async () => {
      gate.pass()
      return vectorOf(standingIn(store))
    },
    hashesOf: async (replica, sequences) => {
      gate.pass()
      const hashes = new Map<number, Uint8Array>([[0, CHAIN_START]])
      for (const { head, hash } of standingOf(handle, replica, 0)) hashes.set(lastSequenceOf(head), hash)
      return sequences.map((sequence) => hashes.get(sequence))
    },
    harden: async () => {
      gate.pass()
      return lastOffset(store)
    },
    reissue: async (options) => reissue(handle, options),
    renew: async (options = {}) => {
      lead(handle, options)
      storePlan(store, planRenew(store.head, drawId<ReplicaId>(handle.random)))
      handle.known.learn(lastOffset(store))
      return store.head.replica
    },
    setAside: async (replica, after, options = {}) => setAside(handle, replica, after, options),
    setClockOffset: async (clockOffsetMs, options = {}) => {
      lead(handle, options)
      store.head = { ...store.head, clockOffsetMs }
    },
    clockOffset: () => store.head.clockOffsetMs,
    findReceipt: async (receipt) => {
      gate.pass()
      return standingReceipt(store.head.voids, receipt)
    },
    lease: createLease(handle),
    notes: {
      get: async (name) => {
        gate.pass()
        return store.notes.get(name)
      },
      set: async (name, value, options = {}) => {
        lead(handle, options)
        if (value === undefined) store.notes.delete(name)
        else store.notes.set(name, freezeJson(structuredClone(value)))
      },
    },
    envelopes: createEnvelopes(handle),
  }
}

function createEnvelopes(handle: MemoryHandle): Envelopes {
  const { store, gate } = handle
  const keyOf = ({ replica, lastSequence }: EnvelopeKey): string => `${replica} ${lastSequence}`
  return {
    keep: async (enveloped, options = {}) => {
      lead(handle, options)
      for (const one of enveloped) {
        const { length } = one.envelope
        if (length > 0 && length <= MAX_ENVELOPE_BYTES) store.envelopes.set(keyOf(one), one.envelope.slice())
      }
    },
    find: async (ends) => {
      gate.pass()
      return ends.map((end) => store.envelopes.get(keyOf(end)))
    },
  }
}

function createLease({ store, gate }: MemoryHandle): LeaseBook {
  return {
    read: async () => {
      gate.pass()
      return store.lease
    },
    take: async (seenEpoch, holder) => {
      gate.pass()
      const taken = takeLease(store.lease, seenEpoch, holder)
      if (taken) store.lease = taken
      return taken
    },
    beat: async (epoch) => {
      gate.pass()
      const superseded = supersededBy(store.lease, epoch)
      if (superseded) throw superseded
      store.lease = { ...store.lease, beat: store.lease.beat + 1 }
      return store.lease
    },
  }
}

function reissue(handle: MemoryHandle, options: ReissueOptions): Reissued {
  const { store, clock, random, known } = handle
  const { replica, after, clockOffsetMs } = options
  lead(handle, options)
  assert(store.head.own.has(replica), 'only own commits are reissued')
  const commits = standingOf(handle, replica, after)
  const nowMs = clock.now()
  const restart = clockOffsetMs !== undefined && {
    restart: { clock: restartedClock(clockWithout(handle, commits), nowMs + clockOffsetMs), clockOffsetMs },
  }
  const facts: ReissueFacts = { commits, replica: drawId<ReplicaId>(random), ...restart }
  const plan = planReissue(store.head, nowMs, facts)
  storePlan(store, plan)
  known.learn(lastOffset(store))
  const receipts = plan.placements.map((placement) => ({ ...placement, held: 'committed' as const }))
  return { replica: store.head.replica, receipts, head: lastOffset(store) }
}

function setAside(
  handle: MemoryHandle,
  replica: ReplicaId,
  after: Sequence,
  options: LeaderOptions,
): SetAside {
  const { store, known } = handle
  lead(handle, options)
  const commits = standingOf(handle, replica, after)
  storePlan(store, planSetAside(store.head, commits))
  known.learn(lastOffset(store))
  return { events: commits.reduce((sum, { head }) => sum + head.count, 0), head: lastOffset(store) }
}

/** Passes the gate as whoever leads. */
function lead({ store, gate }: MemoryHandle, { epoch, signal }: LeaderOptions): void {
  gate.pass(signal)
  const superseded = supersededBy(store.lease, epoch)
  if (superseded) throw superseded
}

/** The standing commits of a replica that end behind a sequence. */
function standingOf({ store }: MemoryHandle, replica: ReplicaId, after: number): readonly ChainedStanding[] {
  const { commits } = standingIn(store)
  return commits.filter(({ head }) => head.replica === replica && lastSequenceOf(head) > after)
}

/** The latest stamp of what stands without these. */
function clockWithout({ store }: MemoryHandle, without: readonly ChainedStanding[]): Timestamp {
  const others = standingIn(store).commits.filter((commit) => !without.includes(commit))
  return others.reduce<Timestamp>((latest, { head }) => laterTimestamp(latest, head.timestamp), NO_TIME)
}
