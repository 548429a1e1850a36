/**
 * Connections over a broadcast channel: databases of *different names* in pages of one origin find each other and connect in
 * pairs, without any server. The one with the lower address opens; the other waits. What comes from our own address
 * (another tab of the same database) is ignored. A peer that asks who is there has just begun: what another page or worker of it
 * left behind is over, though nobody said so. One that is not heard of for a minute is forgotten.
 */
import { drawId, type HeadwaterError, type LogId, type Random, type Scheduler } from '@headwater/log'
import { peerError } from '../codes.ts'
import type { Connection, Transport } from '../transport.ts'
import { createLinks, type Links } from './links.ts'
import { type NearbyMessage, parseNearby } from './nearby-message.ts'

/** A broadcast channel: the browser's, Node's, or a simulated one. It does not hear itself. */
export interface NearbyChannel {
  readonly post: (message: NearbyMessage) => void
  readonly close: () => void
}

/** Opens the channel: `(listener) => …`, where the listener is handed the data of each message. */
export type OpenNearbyChannel = (listener: (data: unknown) => void) => NearbyChannel

/** What finding peers needs. */
export interface NearbyOptions {
  /** Ours: the log's id. */
  readonly address: LogId
  readonly open: OpenNearbyChannel
  readonly random: Random
  readonly scheduler: Scheduler
  /** A peer is there; connections to it come from the transport. */
  readonly onPeer: (address: string, transport: Transport) => void
  readonly onGone: (address: string) => void
}

/** Finding peers, until closed. */
export interface NearbyTransport {
  close(): void
}

/** Peers at most; more are not answered (R6). */
export const MAX_NEARBY_PEERS = 32
const ANNOUNCE_MS = 10_000
const FORGET_MS = 60_000
const OPEN_MS = 3_000

/** Starts looking for peers. */
export function createNearbyTransport(options: NearbyOptions): NearbyTransport {
  const { address, scheduler } = options
  const peers = new Map<string, Peer>()
  const opening = new Map<string, () => void>()
  const channel = options.open((data) => {
    const message = parseNearby(data)
    if (message && message.from !== address) hear(message)
  })
  const links = createLinks(address, channel.post)

  const hear = (message: NearbyMessage): void => {
    const peer = meet(message.from)
    if (message.kind === 'here' && message.asks) {
      links.dropAll({ peer: message.from, why: 'the peer began anew', tells: false })
      channel.post({ kind: 'here', from: address, asks: false })
    }
    if (!peer || message.kind === 'here' || message.to !== address) return
    if (message.kind === 'open') accept(peer, message.from, message.connection)
    else if (message.kind === 'opened') opening.get(message.connection)?.()
    else links.hear(message)
  }
  const meet = (from: string): Peer | undefined => {
    const known = peers.get(from)
    if (known) known.heardAtMs = scheduler.elapsedMs()
    if (known || peers.size >= MAX_NEARBY_PEERS) return known
    const peer: Peer = { heardAtMs: scheduler.elapsedMs(), waiting: undefined, offered: undefined }
    peers.set(from, peer)
    channel.post({ kind: 'here', from: address, asks: false })
    const opener = { ...options, links, opening, channel, peer: from }
    options.onPeer(from, address < from ? activeTransport(opener) : passiveTransport(peer))
    return peer
  }
  const accept = (peer: Peer, from: string, id: string): void => {
    // A page that was reloaded opens anew; what it left behind is over.
    links.dropAll({ peer: from, why: 'the peer connected again', tells: false })
    const connection = links.open(from, id)
    channel.post({ kind: 'opened', from: address, to: from, connection: id })
    if (peer.waiting) peer.waiting(connection)
    else peer.offered = () => (links.isOpen(id) ? connection : undefined)
  }
  const announce = (asks: boolean): void => {
    channel.post({ kind: 'here', from: address, asks })
    for (const [from, peer] of peers) if (scheduler.elapsedMs() - peer.heardAtMs > FORGET_MS) forget(from)
    cancel = scheduler.after(ANNOUNCE_MS, () => announce(false))
  }
  const forget = (from: string): void => {
    peers.delete(from)
    links.dropAll({ peer: from, why: 'the peer is gone', tells: false })
    options.onGone(from)
  }
  let cancel = (): void => undefined
  announce(true)
  return {
    close: () => {
      cancel()
      links.dropAll({ why: 'closed here', tells: true })
      channel.close()
    },
  }
}

interface Peer {
  heardAtMs: number
  /** The side that is connected to: who waits for a connection, or the connection that waits for somebody, unless it ended. */
  waiting: ((connection: Connection) => void) | undefined
  offered: (() => Connection | undefined) | undefined
}

interface Opener extends Pick<NearbyOptions, 'address' | 'random' | 'scheduler'> {
  readonly links: Links
  readonly opening: Map<string, () => void>
  readonly channel: NearbyChannel
  readonly peer: string
}

function activeTransport({ address, random, scheduler, links, opening, channel, peer }: Opener): Transport {
  const connect = (signal: AbortSignal): Promise<Connection> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const id = drawId<LogId>(random)
      const connection = links.open(peer, id)
      const settle = (): void => {
        opening.delete(id)
        cancel()
        signal.removeEventListener('abort', giveUp)
      }
      const fail = (error: unknown): void => {
        settle()
        connection.close()
        reject(error)
      }
      const giveUp = (): void => fail(signal.reason)
      const cancel = scheduler.after(OPEN_MS, () => fail(unanswered(peer)))
      signal.addEventListener('abort', giveUp, { once: true })
      opening.set(id, () => {
        settle()
        resolve(connection)
      })
      channel.post({ kind: 'open', from: address, to: peer, connection: id })
    })
  return { connect }
}

function passiveTransport(peer: Peer): Transport {
  const connect = (signal: AbortSignal): Promise<Connection> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const giveUp = (): void => {
        peer.waiting = undefined
        reject(signal.reason)
      }
      const take = (connection: Connection): void => {
        peer.waiting = undefined
        peer.offered = undefined
        signal.removeEventListener('abort', giveUp)
        resolve(connection)
      }
      signal.addEventListener('abort', giveUp, { once: true })
      const offered = peer.offered?.()
      if (offered) take(offered)
      else peer.waiting = take
    })
  return { isPassive: true, connect }
}

function unanswered(peer: string): HeadwaterError {
  return peerError(
    'HUB_UNREACHABLE',
    `The database ${peer} on this device does not answer: its page was closed, or sleeps.`,
  )
}
