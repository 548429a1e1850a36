// BroadcastChannel between the tabs of one device: everybody on a name hears what another says, in the order in which it
// was said, after a while. A frozen tab hears it when it is thawed.

import type { Chance } from '../chance.ts'
import { type Actor, createLane, type Lane } from '../time.ts'

interface Member {
  readonly tab: Actor
  readonly listener: (message: unknown) => void
  readonly lane: Lane
}

/** A channel, as a tab has it. */
export interface Channel<Message> {
  readonly post: (message: Message) => void
  readonly close: () => void
}

/** The channels of an origin. */
export interface Channels {
  openFor(tab: Actor): <Message>(name: string, listener: (message: Message) => void) => Channel<Message>
  drop(tab: Actor): void
}

export function createChannels(chance: Chance): Channels {
  const members = new Map<string, Set<Member>>()
  return {
    openFor: (tab) => (name, listener) => {
      const hears = listener as Member['listener'] // tabs of one origin are of one app
      const member: Member = { tab, listener: hears, lane: createLane() }
      const others = members.get(name) ?? new Set()
      members.set(name, others.add(member))
      const hear = (other: Member, message: unknown): void => {
        const deliver = (): void => {
          if (others.has(other)) other.listener(message)
        }
        other.tab.post(chance.between(0.05, 2), deliver, other.lane)
      }
      return {
        post: (message) => {
          if (!others.has(member)) return
          for (const other of others) if (other !== member) hear(other, structuredClone(message))
        },
        close: () => others.delete(member),
      }
    },
    drop: (tab) => {
      for (const all of members.values()) for (const each of all) if (each.tab === tab) all.delete(each)
    },
  }
}
