/**
 * Replication with the databases of other names in pages of one origin: a replicator for each peer that is found, shown as one
 * status. The transport finds and connects, the replicators do the rest.
 */
import type { Replicator, ReplicatorOptions } from '../replicator/replicator.ts'
import { createReplicator } from '../replicator/replicator.ts'
import type { ReplicatorState, ReplicatorStatus } from '../replicator/status.ts'
import { createNearbyTransport, type OpenNearbyChannel } from './nearby-transport.ts'

/** What replicating nearby needs: as a replicator, but for the channel instead of the transport. */
export interface NearbyReplicatorOptions
  extends Omit<ReplicatorOptions, 'transport' | 'role' | 'channel' | 'token'> {
  readonly open: OpenNearbyChannel
}

/** A replicator of many peers. */
export interface NearbyReplicator extends Replicator {
  /** The status of each peer that is there, by its log's id. */
  readonly peers: ReadonlyMap<string, ReplicatorStatus>
}

/** Starts finding peers and replicating with each. */
export function createNearbyReplicator(options: NearbyReplicatorOptions): NearbyReplicator {
  const { log, open, random, scheduler } = options
  const peers = new Map<string, Replicator>()
  const reasons = new Set<string>()
  const listeners = new Set<(status: ReplicatorStatus) => void>()
  let status = sumUp([], [], log.head)
  const tell = (): void => {
    status = sumUp(
      [...peers.values()].map((peer) => peer.status),
      [...reasons],
      log.head,
    )
    for (const listener of Array.from(listeners)) listener(status)
  }
  const transport = createNearbyTransport({
    address: log.id,
    open,
    random,
    scheduler,
    onPeer: (address, connections) => {
      const channel = `nearby:${address}`
      const peer = createReplicator({ ...options, transport: connections, role: 'peer', channel })
      for (const reason of reasons) peer.pause(reason)
      peer.subscribe(tell)
      peers.set(address, peer)
      tell()
    },
    onGone: (address) => {
      void peers.get(address)?.close()
      peers.delete(address)
      tell()
    },
  })
  return {
    get status() {
      return status
    },
    get peers() {
      return new Map([...peers].map(([address, peer]) => [address, peer.status]))
    },
    subscribe: (listener) => {
      const own = (next: ReplicatorStatus): void => listener(next)
      listeners.add(own)
      return () => listeners.delete(own)
    },
    pause: (reason) => {
      reasons.add(reason)
      for (const peer of peers.values()) peer.pause(reason)
      tell()
    },
    resume: (reason) => {
      reasons.delete(reason)
      for (const peer of peers.values()) peer.resume(reason)
      tell()
    },
    present: (state) => {
      for (const peer of peers.values()) peer.present(state)
    },
    close: async () => {
      const all = [...peers.values()]
      peers.clear()
      await Promise.all(all.map((peer) => peer.close()))
      transport.close()
    },
  }
}

/** The best that can be said of all: with nobody there, offline. */
const BEST_FIRST: readonly ReplicatorState[] = [
  'catching-up',
  'live',
  'connecting',
  'offline',
  'refused',
  'paused',
]

function sumUp(
  peers: readonly ReplicatorStatus[],
  reasons: readonly string[],
  head: number,
): ReplicatorStatus {
  const states = peers.map(({ state }) => state)
  const best = BEST_FIRST.find((state) => states.includes(state)) ?? 'offline'
  const acknowledged = Math.max(0, ...peers.map((peer) => peer.acknowledged))
  return {
    state: reasons.length > 0 ? 'paused' : best,
    reasons,
    sent: peers.reduce((sum, { sent }) => sum + sent, 0),
    received: peers.reduce((sum, { received }) => sum + received, 0),
    pending: Math.max(0, head - acknowledged),
    acknowledged,
    refused: peers.flatMap(({ refused }) => refused),
    lastError: peers.find(({ lastError }) => lastError !== undefined)?.lastError,
    retryInMs: undefined,
  }
}
