/**
 * Two ends of a connection in one process: for tests, and for replicas that live side by side. Frames are copied, and
 * delivered in a later turn in the order in which they were sent; closing one end ends the other behind what was sent.
 */
import { type Connection, createInbox, type Inbox } from '../transport.ts'

/** Calls `run` in a later turn, in order. */
export type Later = (run: () => void) => void

/** The two ends of a fresh connection. `later` decides when frames arrive; by default in microtasks. */
export function createMemoryPair(later: Later = queueMicrotask): readonly [Connection, Connection] {
  const overflow = (): void => {
    for (const inbox of [left, right]) later(() => inbox.end('too much came before anybody listened'))
  }
  const left = createInbox(overflow)
  const right = createInbox(overflow)
  return [createEnd(left, right, later), createEnd(right, left, later)]
}

function createEnd(own: Inbox, other: Inbox, later: Later): Connection {
  let isOpen = true
  return {
    send: (frame) => {
      if (!isOpen || own.isEnded) return
      const copy = frame.slice()
      later(() => other.deliver(copy))
    },
    listen: own.listen,
    close: () => {
      if (!isOpen) return
      isOpen = false
      own.end('closed here')
      later(() => other.end('closed by the other end'))
    },
  }
}
