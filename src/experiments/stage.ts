/**
 * The stage on which an experiment runs: it opens databases of this run alone, tells what happens as it happens, and measures.
 * Whatever ends the run (its end, an error, a visitor who leaves), its databases are closed and deleted. What a closed tab
 * leaves behind is found by its name at the next visit (`leftovers.ts`).
 */
import {
  type Database,
  type DatabaseDefinition,
  openDatabase,
  type SyncedDatabase,
  type SyncSpec,
} from 'headwater'
import { deleteStored, holdRun, storedName } from './leftovers.ts'
import { until, type Watched } from './until.ts'

export interface Stage {
  /** Opens a database in a real worker over IndexedDB, stored under this name in this run. With `sync` it is a device. */
  open<D extends DatabaseDefinition>(definition: D, name: string, sync: SyncSpec): Promise<SyncedDatabase<D>>
  open<D extends DatabaseDefinition>(definition: D, name: string): Promise<Database<D>>
  /** Where the devices of this run meet: `nearby({ channel })`. */
  readonly channel: string
  /** Tells what happens, in a sentence. */
  readonly tell: (text: string) => void
  /** Does it, and says how long that took. */
  readonly time: <T>(work: () => PromiseLike<T>) => Promise<Timed<T>>
  /** Waits until it holds of what is watched (`db.status`, `db.sync`); fails after ten seconds. */
  readonly until: <State>(watched: Watched<State>, holds: (state: State) => boolean) => Promise<State>
  readonly wait: (ms: number) => Promise<void>
  /** Ends the worker under a database from outside, as a crash would: the database is not told. */
  readonly killWorker: (db: { readonly name: string }) => void
  /** Deletes all stored snapshots of a closed database, with the browser's own call. */
  readonly deleteSnapshots: (db: { readonly name: string }) => Promise<void>
}

/** What came of something, and the milliseconds that it took. */
export interface Timed<T> {
  readonly value: T
  readonly ms: number
}

/** A stage, as who runs the experiment holds it. */
export interface OpenStage extends Stage {
  /** Closes and deletes what the run opened. */
  readonly strike: () => Promise<void>
}

export interface StageOptions {
  /** Names the run; no two have the same. */
  readonly run: string
  readonly tell: (text: string) => void
  /** Aborted when the visitor leaves. */
  readonly signal: AbortSignal
}

export async function setStage({ run, tell, signal }: StageOptions): Promise<OpenStage> {
  const release = await holdRun(run)
  const opened: Database[] = []
  const workers = new Map<string, Worker>()

  async function open<D extends DatabaseDefinition>(
    definition: D,
    name: string,
    sync: SyncSpec,
  ): Promise<SyncedDatabase<D>>
  async function open<D extends DatabaseDefinition>(definition: D, name: string): Promise<Database<D>>
  async function open<D extends DatabaseDefinition>(
    definition: D,
    name: string,
    sync?: SyncSpec,
  ): Promise<Database<D>> {
    signal.throwIfAborted()
    const stored = storedName(run, name)
    const worker = (): Worker => {
      const made = startWorker(definition.name)
      workers.set(stored, made)
      return made
    }
    const db = await openDatabase(definition, { name: stored, worker, sync })
    if (signal.aborted) await db.destroy({ force: true })
    signal.throwIfAborted()
    opened.push(db)
    return db
  }

  return {
    open,
    channel: run,
    tell: (text) => {
      signal.throwIfAborted()
      tell(text)
    },
    time,
    until: (watched, holds) => until(watched, holds, signal),
    wait: async (ms) => {
      await new Promise((resolve) => setTimeout(resolve, ms))
      signal.throwIfAborted()
    },
    killWorker: ({ name }) => workers.get(name)?.terminate(),
    deleteSnapshots: ({ name }) => deleteStored(`headwater:${name}:bases`),
    strike: async () => {
      await Promise.allSettled(opened.map((db) => db.close()))
      await release()
    },
  }
}

/** The worker's name says which model it serves. */
function startWorker(model: string): Worker {
  return new Worker(new URL('./experiment-worker.ts', import.meta.url), { type: 'module', name: model })
}

async function time<T>(work: () => PromiseLike<T>): Promise<Timed<T>> {
  const begin = performance.now()
  const value = await work()
  return { value, ms: performance.now() - begin }
}
