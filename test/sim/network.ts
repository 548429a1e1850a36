// The network between tabs and the hub. A connection delivers frames whole and in order, each after a while of its own;
// connections do not wait for each other, so that what was sent on an old one may come after what was sent on a new one. A
// connection that is cut loses what is on its way, or delivers it late, and the two ends learn of it at different times.

import { HeadwaterError } from '@headwater/log'
import { type Connection, createInbox, type Inbox } from '@headwater/replication'
import type { Chance } from './chance.ts'
import { type Actor, createLane, type Lane } from './time.ts'

/** The network. */
export interface Network {
  /** Whether nobody gets through to anybody. */
  isDown: boolean
  /** One frame in so many cuts its connection; 0 for none. */
  cutOneIn: number
  /** Connects two actors, or refuses with `HUB_UNREACHABLE`. */
  connect(from: Actor, to: Actor): readonly [Connection, Connection]
  /** Cuts the connections of an actor, or all. */
  cut(actor?: Actor): void
}

interface Wire {
  readonly actors: readonly [Actor, Actor]
  readonly inboxes: readonly [Inbox, Inbox]
  /** What is on its way arrives late, when it arrives. */
  state: 'whole' | 'cut' | 'late'
}

export function createNetwork(chance: Chance): Network {
  const wires = new Set<Wire>()
  const sever = (wire: Wire): void => {
    if (wire.state !== 'whole') return
    wire.state = chance.oneIn(2) ? 'cut' : 'late'
    wires.delete(wire)
    wire.actors.forEach((actor, i) => {
      actor.post(chance.between(1, 5_000), () => wire.inboxes[i]!.end('the connection broke'))
    })
  }
  const network: Network = {
    isDown: false,
    cutOneIn: 0,
    connect: (from, to) => {
      if (network.isDown || to.state === 'dead') throw unreachable()
      const over = (): void => sever(wire)
      const wire: Wire = {
        actors: [from, to],
        inboxes: [createInbox(over), createInbox(over)],
        state: 'whole',
      }
      wires.add(wire)
      return [createEnd(network, wire, 0, chance, sever), createEnd(network, wire, 1, chance, sever)]
    },
    cut: (actor) => {
      for (const wire of wires) if (actor === undefined || wire.actors.includes(actor)) sever(wire)
    },
  }
  return network
}

function createEnd(
  network: Network,
  wire: Wire,
  own: 0 | 1,
  chance: Chance,
  sever: (wire: Wire) => void,
): Connection {
  const other = own === 0 ? 1 : 0
  const lane: Lane = createLane()
  let isOpen = true
  const later = (run: () => void): void => {
    wire.actors[other].post(chance.between(1, 40), () => wire.state !== 'cut' && run(), lane)
  }
  return {
    send: (frame) => {
      if (!isOpen || wire.state !== 'whole' || wire.inboxes[own].isEnded) return
      if (network.isDown || chance.oneIn(network.cutOneIn)) return sever(wire)
      const copy = frame.slice()
      later(() => wire.inboxes[other].deliver(copy))
    },
    listen: wire.inboxes[own].listen,
    close: () => {
      if (!isOpen) return
      isOpen = false
      wire.inboxes[own].end('closed here')
      later(() => wire.inboxes[other].end('closed by the other end'))
    },
  }
}

function unreachable(): HeadwaterError {
  return new HeadwaterError('HUB_UNREACHABLE', 'The hub does not answer.', { hint: 'It is tried again.' })
}
