// BroadcastChannel between the tabs of one device: everybody on a name hears what another says, in the order in which it
// was said, after a while. A frozen tab hears it when it is thawed.

import type { Platform } from 'headwater'
import type { Chance } from '../chance.ts'
import { type Actor, createLane, type Lane } from '../time.ts'

type Listener = Parameters<Platform['openChannel']>[1]

interface Member {
  readonly tab: Actor
  readonly listener: Listener
  readonly lane: Lane
}

/** The channels of a device. */
export interface Channels {
  openFor(tab: Actor): Platform['openChannel']
  drop(tab: Actor): void
}

export function createChannels(chance: Chance): Channels {
  const members = new Map<string, Set<Member>>()
  return {
    openFor: (tab) => (name, listener) => {
      const member: Member = { tab, listener, lane: createLane() }
      const others = members.get(name) ?? new Set()
      members.set(name, others.add(member))
      const hear = (other: Member, text: string): void => {
        const deliver = (): void => {
          if (others.has(other)) other.listener(JSON.parse(text))
        }
        other.tab.post(chance.between(0.05, 2), deliver, other.lane)
      }
      return {
        post: (message) => {
          if (!others.has(member)) return
          for (const other of others) if (other !== member) hear(other, JSON.stringify(message))
        },
        close: () => others.delete(member),
      }
    },
    drop: (tab) => {
      for (const all of members.values()) for (const each of all) if (each.tab === tab) all.delete(each)
    },
  }
}
