/**
 * Gathers how far replicas acknowledged; of each replica the newest counts. It is written once a second in one transaction,
 * because it only informs: losing a second of it loses no commit.
 */
import type { Scheduler } from '@headwater/log'
import type { HubStore, SeenReplica } from '../store.ts'

/** A replica of a workspace, and how far it is. */
export interface Noted {
  readonly workspace: string
  readonly seen: SeenReplica
}

/** What is gathered. */
export interface Acknowledgements {
  readonly add: HubStore['acknowledge']
  /** Writes what is gathered now. */
  flush(): Promise<void>
  /** No timer runs any more. */
  stop(): void
}

const GATHER_MS = 1_000

/** Starts gathering in front of `write`. */
export function createAcknowledgements(
  write: (all: readonly Noted[]) => Promise<void>,
  scheduler: Scheduler,
): Acknowledgements {
  let gathered = new Map<string, Noted>()
  let cancel: (() => void) | undefined
  const stop = (): void => {
    cancel?.()
    cancel = undefined
  }
  const flush = async (): Promise<void> => {
    stop()
    const all = [...gathered.values()]
    gathered = new Map()
    if (all.length > 0) await write(all)
  }
  return {
    add(workspace, seen) {
      gathered.set(`${workspace}\n${seen.replica}`, { workspace, seen })
      cancel ??= scheduler.after(GATHER_MS, () => {
        flush().catch(() => {
          // The store is closed or broken, which every append says; this only informs.
        })
      })
    },
    flush,
    stop,
  }
}
