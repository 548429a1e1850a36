// Two ends of a connection over a real broadcast channel, in Node or in a browser.

import { drawId, type LogId, type Scheduler } from '@headwater/log'
import type { NearbyChannel, OpenNearbyChannel, Transport } from '@headwater/replication'
import { createNearbyTransport } from '@headwater/replication'
import type { ConnectionPair } from '@headwater/replication/acceptance'

const random = { bytes: (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length)) }

/** Opens the platform's channel. In Node it would keep the process alive. */
export function openChannel(name: string): OpenNearbyChannel {
  return (listener): NearbyChannel => {
    const channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => listener(data)
    if ('unref' in channel && typeof channel.unref === 'function') channel.unref()
    let isOpen = true
    return {
      post: (message) => {
        if (isOpen) channel.postMessage(message)
      },
      close: () => {
        isOpen = false
        channel.close()
      },
    }
  }
}

/** What a test may want of the channel. */
export interface PairOptions {
  /** Posted by somebody else. */
  readonly strangers?: readonly unknown[]
  readonly addresses?: readonly [LogId, LogId]
  /** Who met whom. */
  readonly met?: string[]
}

/** Finds each other on a channel of their own and connects; `strangers` are posted on it meanwhile. */
export async function openNearbyPair(
  scheduler: Scheduler,
  { strangers = [], addresses = [drawId<LogId>(random), drawId<LogId>(random)], met = [] }: PairOptions = {},
): Promise<ConnectionPair> {
  const name = `nearby-${crypto.randomUUID()}`
  const noise = new BroadcastChannel(name)
  const { signal } = new AbortController()
  const join = (address: LogId): Promise<Transport> =>
    new Promise((resolve) => {
      const onPeer = (peer: string, transport: Transport): void => {
        met.push(`${address} meets ${peer}`)
        resolve(transport)
      }
      createNearbyTransport({
        address,
        open: openChannel(name),
        random,
        scheduler,
        onPeer,
        onGone: () => undefined,
      })
    })
  const finding = [join(addresses[0]), join(addresses[1])] as const
  for (const stranger of strangers) noise.postMessage(stranger)
  const [one, other] = await Promise.all(finding)
  const connections = await Promise.all([one.connect(signal), other.connect(signal)])
  noise.close()
  return { left: connections[0], right: connections[1] }
}
