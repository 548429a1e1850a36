// The hub of a world: the real one over its store in memory, as a process that can die and begin again, on a machine whose
// store can be put back to an older backup.

import { parseCommit } from '@headwater/log'
import type { Connection } from '@headwater/replication'
import { createHubCore, type HubCore } from '../../packages/hub/src/hub-core.ts'
import {
  createMemoryHubStore,
  type MemoryBackup,
  type MemoryHubStore,
} from '../../packages/hub/src/store/memory-store.ts'
import { type HubStore, type Outcome, START } from '../../packages/hub/src/store/store.ts'
import type { Chance } from './chance.ts'
import { START_MS } from './device.ts'
import type { HubLedger, StandingCommit } from './hub-ledger.ts'
import type { Network } from './network.ts'
import { createScheduler } from './platform/scheduler.ts'
import type { Actor, VirtualTime } from './time.ts'

/** Which workspace everybody is in. */
export const WORKSPACE = 'tasks'

export interface Hub {
  /** The commits that stand there, for those who check: in no time, and disturbing nobody. */
  standing(): Promise<readonly StandingCommit[]>
  /** Connects a tab. Throws `HUB_UNREACHABLE`. */
  readonly connect: (tab: Actor) => Connection
  /** The process dies and begins again; what it had stored is there. */
  restart(): void
  /** Keeps a backup. */
  backup(): void
  /** Begins again with what the last backup holds; false when there is none. */
  restore(): boolean
}

/** What a hub is put into. */
export interface HubPlace {
  readonly time: VirtualTime
  readonly network: Network
  readonly chance: Chance
  readonly ledger: HubLedger
  readonly fail: (error: unknown) => void
}

export function createHub({ time, network, chance, ledger, fail }: HubPlace): Hub {
  const ids = chance.stream('ids')
  const policy = { stampKey: chance.bytes(32) }
  let store: MemoryHubStore = createMemoryHubStore(policy, ids)
  let backup: MemoryBackup | undefined
  let process = start()
  function start(): { readonly actor: Actor; readonly core: Promise<HubCore> } {
    const actor = time.createActor('hub')
    const scheduler = createScheduler(time, actor, chance)
    const platform = { clock: { now: () => Math.floor(START_MS + time.nowMs) }, random: ids, scheduler }
    const core = createHubCore({ store: createSlowStore(store, actor, chance, ledger), platform })
    core.catch(fail)
    return { actor, core }
  }
  const stop = (): void => {
    process.actor.kill()
    network.cut(process.actor)
  }
  return {
    standing: () => standingIn(store),
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
      ledger.restored(backup.workspaces.get(WORKSPACE)?.commits.length ?? 0)
      process = start()
      return true
    },
  }
}

/** Commits by their bytes, which never change. */
const parsed = new WeakMap<Uint8Array, StandingCommit>()

async function standingIn(store: HubStore): Promise<readonly StandingCommit[]> {
  const { commits } = await store.read(WORKSPACE, START, { maxBytes: Number.POSITIVE_INFINITY })
  return commits.map(({ bytes }) => {
    const known = parsed.get(bytes) ?? parseStanding(bytes)
    parsed.set(bytes, known)
    return known
  })
}

function parseStanding(bytes: Uint8Array): StandingCommit {
  const head = parseCommit(bytes)
  if (head instanceof Error) throw head
  return head
}

/** A store whose answers take time, before and after it has done what it was asked for: its process may die in between. */
function createSlowStore(store: HubStore, actor: Actor, chance: Chance, ledger: HubLedger): HubStore {
  const wait = (): Promise<void> => new Promise((resolve) => actor.post(chance.between(0.1, 5), resolve))
  const slow =
    (method: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]) => {
      await wait()
      const answer = await method(...args)
      await wait()
      return answer
    }
  const append: HubStore['append'] = async (...args) => {
    const outcomes = await store.append(...args)
    for (const outcome of outcomes) notePlace(outcome, ledger)
    return outcomes
  }
  const noted: HubStore = { ...store, append }
  const quick = new Set<string | symbol>(['acknowledge', 'remember', 'queuedBytes', 'epoch', 'isDurable'])
  return new Proxy(noted, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' && !quick.has(name) ? slow(member.bind(target)) : member
    },
  })
}

function notePlace(outcome: Outcome, ledger: HubLedger): void {
  if (outcome.type === 'stored') ledger.placed(outcome.placed)
}
