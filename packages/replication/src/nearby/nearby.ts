/**
 * Replication with the databases of other names in pages of one origin: a replicator for each peer that is found, shown as one
 * status. The transport finds and connects, the replicators do the rest.
 */

import { createBoard } from '../replicator/board.ts'
import type { Replicator, ReplicatorOptions } from '../replicator/replicator.ts'
import { createReplicator } from '../replicator/replicator.ts'
import type { ReplicatorState, ReplicatorStatus } from '../replicator/status.ts'
import type { Transport } from '../transport.ts'
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
  const board = createBoard(sumUp([], [], log.head))
  const tell = (): void =>
    board.show(
      sumUp(
        [...peers.values()].map((peer) => peer.status),
        [...reasons],
        log.head,
      ),
    )
  let isClosed = false
  const onPeer = (address: string, transport: Transport): void => {
    if (isClosed) return
    const peer = createReplicator({ ...options, transport, role: 'peer', channel: `nearby:${address}` })
    for (const reason of reasons) peer.pause(reason)
    peer.subscribe(tell)
    peers.set(address, peer)
    tell()
  }
  const onGone = (address: string): void => {
    void peers.get(address)?.close()
    peers.delete(address)
    tell()
  }
  const finding = createNearbyTransport({ address: log.id, open, random, scheduler, onPeer, onGone })
  const each = (act: (peer: Replicator) => void): void => {
    for (const peer of peers.values()) act(peer)
    tell()
  }
  return {
    get status() {
      return board.status
    },
    get peers() {
      return new Map([...peers].map(([address, peer]) => [address, peer.status]))
    },
    subscribe: (listener) => board.subscribe(listener),
    pause: (reason) => {
      reasons.add(reason)
      each((peer) => peer.pause(reason))
    },
    resume: (reason) => {
      reasons.delete(reason)
      each((peer) => peer.resume(reason))
    },
    hurry: () => each((peer) => peer.hurry()),
    present: (state) => each((peer) => peer.present(state)),
    close: async () => {
      isClosed = true // who is met while the others say their last word would be left running
      await Promise.all([...peers.values()].map((peer) => peer.close()))
      finding.close()
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
