/**
 * The connections of one address on a broadcast channel: each has an id, its frames go to one peer, and a `close` to or from
 * either end ends it. A frame for a connection that is not known any more is answered with its close.
 */
import { type Connection, createInbox, type Inbox } from '../transport.ts'
import type { NearbyMessage } from './nearby-message.ts'

/** Open connections by id. */
export interface Links {
  /** A connection to a peer, ours from now on. */
  open(peer: string, id: string): Connection
  /** Whether it has not ended. */
  isOpen(id: string): boolean
  /** What a peer says of a connection. */
  hear(message: Exclude<NearbyMessage, { kind: 'here' }>): void
  /** Ends what there is to a peer, or everything, and tells the peers when asked to. */
  dropAll(options: { readonly peer?: string; readonly why: string; readonly tells: boolean }): void
}

/** Creates an empty table. */
export function createLinks(address: string, post: (message: NearbyMessage) => void): Links {
  const links = new Map<string, { readonly peer: string; readonly inbox: Inbox }>()
  const drop = (id: string, why: string): void => {
    const gone = links.get(id)
    links.delete(id)
    gone?.inbox.end(why)
  }
  const close = (peer: string, id: string): void => {
    if (!links.has(id)) return
    post({ kind: 'close', from: address, to: peer, connection: id })
    drop(id, 'closed here')
  }
  return {
    open: (peer, id) => {
      const inbox = createInbox(() => close(peer, id))
      links.set(id, { peer, inbox })
      const send: Connection['send'] = (frame) => {
        if (links.has(id)) post({ kind: 'frame', from: address, to: peer, connection: id, frame })
      }
      return { send, listen: inbox.listen, close: () => close(peer, id) }
    },
    isOpen: (id) => links.has(id),
    hear: (message) => {
      const { kind, from, connection } = message
      const link = links.get(connection)
      const isOurs = link?.peer === from
      if (isOurs && kind === 'frame') link.inbox.deliver(message.frame)
      else if (isOurs && kind === 'close') drop(connection, 'closed by the peer')
      else if (kind === 'frame') post({ kind: 'close', from: address, to: from, connection })
    },
    dropAll: ({ peer, why, tells }) => {
      for (const [id, link] of links) {
        if (peer !== undefined && link.peer !== peer) continue
        if (tells) post({ kind: 'close', from: address, to: link.peer, connection: id })
        drop(id, why)
      }
    },
  }
}
