// Web Locks of the tabs of one device: one table, as the browser has it, and each tab's way to it. A frozen tab keeps what
// it holds, and what it is granted meanwhile; a dead tab's locks are free.

import { createMemoryLocks, type Hold, type Locks } from '@headwater/views'
import type { Chance } from '../chance.ts'
import type { Actor } from '../time.ts'

/** A tab's locks. */
export interface TabLocks {
  readonly locks: Locks
  /** The tab is gone. */
  readonly drop: () => void
}

/** The table that all tabs of a device share. */
export const createLockTable: () => Locks = createMemoryLocks

export function createTabLocks(table: Locks, tab: Actor, chance: Chance): TabLocks {
  const held = new Set<Hold>()
  const death = new AbortController()
  const keep = (hold: Hold): Hold => {
    held.add(hold)
    return {
      release: () => {
        held.delete(hold)
        hold.release()
      },
    }
  }
  /** A grant is held at once, and heard of in a task of the tab. */
  const hear = async <Granted extends Hold | undefined>(grant: Promise<Granted>): Promise<Granted> => {
    const settled = await grant.then(
      (hold) => ({ hold: hold && keep(hold) }),
      (error: unknown) => ({ error }),
    )
    if (tab.state === 'dead' && 'hold' in settled) settled.hold?.release()
    await new Promise<void>((resolve) => tab.post(chance.between(0, 0.2), resolve))
    if ('error' in settled) throw settled.error
    return settled.hold as Granted // `keep` gives a hold for a hold, and nothing for nothing
  }
  const untilDeath = (signal?: AbortSignal): AbortSignal =>
    signal ? AbortSignal.any([signal, death.signal]) : death.signal
  return {
    locks: {
      shared: (name, signal) => hear(table.shared(name, untilDeath(signal))),
      exclusive: (name, signal) => hear(table.exclusive(name, untilDeath(signal))),
      exclusiveIfFree: (name) => hear(table.exclusiveIfFree(name)),
    },
    drop: () => {
      death.abort()
      for (const hold of held) hold.release()
      held.clear()
    },
  }
}
