// The hub of a world: the real one over its store in memory, as a process that can die and begin again, on a machine whose
// store can be put back to an older backup.

import type { Connection } from '@headwater/replication'
import { createHubCore, type HubCore } from '../../packages/hub/src/hub-core.ts'
import {
  createMemoryHubStore,
  type MemoryBackup,
  type MemoryHubStore,
} from '../../packages/hub/src/store/memory-store.ts'
import type { HubStore } from '../../packages/hub/src/store/store.ts'
import type { Chance } from './chance.ts'
import { START_MS } from './device.ts'
import type { Network } from './network.ts'
import { createScheduler } from './platform/scheduler.ts'
import type { Actor, VirtualTime } from './time.ts'

/** Which workspace everybody is in. */
export const WORKSPACE = 'tasks'

export interface Hub {
  /** What it holds, for those who check. */
  readonly contents: MemoryBackup
  /** Connects a tab. Throws `HUB_UNREACHABLE`. */
  connect(tab: Actor): Connection
  /** The process dies and begins again; what it had stored is there. */
  restart(): void
  /** Keeps a backup. */
  backup(): void
  /** Begins again with what the last backup holds; false when there is none. */
  restore(): boolean
}

export function createHub(
  time: VirtualTime,
  network: Network,
  chance: Chance,
  fail: (error: unknown) => void,
): Hub {
  const ids = chance.stream('ids')
  const policy = { stampKey: chance.bytes(32) }
  let store: MemoryHubStore = createMemoryHubStore(policy, ids)
  let backup: MemoryBackup | undefined
  let process = start()
  function start(): { readonly actor: Actor; readonly core: Promise<HubCore> } {
    const actor = time.createActor('hub')
    const scheduler = createScheduler(time, actor, chance)
    const platform = { clock: { now: () => Math.floor(START_MS + time.nowMs) }, random: ids, scheduler }
    const core = createHubCore({ store: createSlowStore(store, actor, chance), platform })
    core.catch(fail)
    return { actor, core }
  }
  const stop = (): void => {
    process.actor.kill()
    network.cut(process.actor)
  }
  return {
    get contents() {
      return store.backup()
    },
    connect: (tab) => {
      const { actor, core } = process
      const [near, far] = network.connect(tab, actor)
      actor.post(chance.between(1, 40), () => {
        core.then((hub) => hub.accept(far, tab.name)).catch(fail)
      })
      return near
    },
    restart: () => {
      stop()
      process = start()
    },
    backup: () => {
      backup = store.backup()
    },
    restore: () => {
      if (!backup) return false
      stop()
      store = createMemoryHubStore(policy, ids, backup)
      process = start()
      return true
    },
  }
}

/** A store whose answers take time, before and after it has done what it was asked for: its process may die in between. */
function createSlowStore(store: HubStore, actor: Actor, chance: Chance): HubStore {
  const wait = (): Promise<void> => new Promise((resolve) => actor.post(chance.between(0.1, 5), resolve))
  const slow =
    (method: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]) => {
      await wait()
      const answer = await method(...args)
      await wait()
      return answer
    }
  const quick = new Set<string | symbol>(['acknowledge', 'remember', 'queuedBytes', 'epoch', 'isDurable'])
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' && !quick.has(name) ? slow(member.bind(target)) : member
    },
  })
}
