/**
 * The runtime of a search view: a full-text index over a table's rows, loaded only where it is searched. Until the first
 * question it costs nothing; then the newest dump is read and caught up, or the rows are indexed, and from then on it
 * follows its table with a lag of its own, at the table's position or behind, never ahead. This file wires the parts
 * together; laws V1–V7 hold as each part says.
 */
import type { HeadwaterError, Log, Offset, Scheduler, WallClock } from '@headwater/log'
import { errorToData, ORIGIN } from '@headwater/log'
import type { Locks } from '../locks.ts'
import type { BaseStore } from '../state/base-store.ts'
import { createSlices, type Slices } from '../state/slice.ts'
import type { TableReader } from '../table/reader.ts'
import type { View, ViewState, ViewStatus } from '../view.ts'
import { answerRequest } from './answering.ts'
import { digestIndex, type KeyDigest } from './digests.ts'
import { createDumps, type Dumps } from './dumps.ts'
import { createIdleDumps } from './idle-dumps.ts'
import { createKeeper, type Keeper } from './keeper.ts'
import { createTouches } from './touches.ts'

/** What a search view is given. */
export interface SearchDeps {
  readonly log: Log
  readonly table: TableReader
  readonly store: BaseStore
  readonly locks: Locks
  /** Prefix of lock names: the database's name. */
  readonly lockScope: string
  readonly clock: WallClock
  readonly scheduler: Scheduler
  /** View name and version, and the table's fingerprint: names the dumps that this view may use. */
  readonly fingerprint: string
}

/** What the runtime needs of a `SearchDefinition`. */
export interface IndexedFields {
  readonly name: string
  /** Weight by field. */
  readonly fields: Readonly<Record<string, number>>
}

/** A search view, as the dispatcher feeds it. */
export interface SearchIndexView extends View {
  /** 100,000 keys wait to be indexed: a rebuild of the table should wait until this is false again. */
  readonly congested: boolean
  /** Calls back when the making of its index went on, or ended. */
  onMoved(listener: () => void): () => void
}

/** `fold` waits no longer than this for rows to be indexed; the rest goes on by itself. */
const FOLD_WAIT_MS = 50

/** The runtime of `definition`. Nothing is read or loaded before it is asked. */
export function createSearchView(definition: IndexedFields, deps: SearchDeps): SearchIndexView {
  const { name } = definition
  const { table, scheduler } = deps
  const [fields, weights] = [Object.keys(definition.fields), Object.values(definition.fields)]
  const slices = createSlices(scheduler)
  const touches = createTouches(name, scheduler)
  const dumps = createDumps({ ...deps, slices, fields })
  const keeper = createKeeper({
    ...deps,
    name,
    slices,
    fields,
    dumps,
    onChanged: (all) => touches.note(all),
    onIndexed: () => touches.tellSometimes(positionOf(keeper, table), hasWaiting(keeper)),
    onSettled: () => {
      touches.tell(positionOf(keeper, table), hasWaiting(keeper))
      idleDumps.settled()
    },
  })
  const idleDumps = createIdleDumps({ dumps, scheduler, keeper })
  return {
    name,
    answersFor: [name],
    types: table.types,
    get position() {
      return positionOf(keeper, table)
    },
    get checkpoint() {
      return dumps.checkpoint
    },
    get stopped() {
      return isStopped(keeper, table)
    },
    get paused() {
      return keeper.paused
    },
    get congested() {
      return keeper.newest?.backlog.isFull ?? false
    },
    status: (head) => [statusOf({ name, head, keeper, table, dumps, unstored: idleDumps.failure })],
    restore: () => lookQuietly(keeper, dumps),
    adopt: () => lookQuietly(keeper, dumps),
    fold: ({ through }) => followTo(through, keeper, table, scheduler),
    answer: (request, signal) =>
      answerRequest({ name, table, keeper, scheduler, fields, weights }, request, signal),
    onChanges: (listener) => touches.onChanges(listener),
    onMoved: (listener) => keeper.progress.moved.add(listener),
    checkpointNow: (force) => idleDumps.now(force),
    rebuild: () => keeper.rebuild(),
    pause: () => keeper.pause(),
    resume: () => keeper.resume(),
    dropBase: () => dropDump(keeper, dumps),
    digests: () => digestsOf(keeper, slices),
    async close() {
      keeper.close()
      await idleDumps.close()
    },
  }
}

/** An index that nobody has asked for yet is not made for this. */
async function dropDump(keeper: Keeper, dumps: Dumps): Promise<void> {
  keeper.resume()
  const isUsed = keeper.newest !== undefined || keeper.error !== undefined
  await dumps.drop()
  if (isUsed) await keeper.rebuild()
}

/** Without an index, the table's: a question makes one that holds everything up to there before it is answered. */
function positionOf(keeper: Keeper, table: TableReader): Offset {
  if (keeper.whole) return keeper.whole.position
  return keeper.error ? ORIGIN : table.position
}

/** Whether rows wait to be indexed. */
function hasWaiting({ whole }: Keeper): boolean {
  return whole !== undefined && whole.backlog.size > 0
}

function isStopped(keeper: Keeper, table: TableReader): boolean {
  return keeper.closed || keeper.error !== undefined || table.stopped
}

/** A store that cannot be read now is as good as an empty one: the dump is looked for again when it is wanted. */
async function lookQuietly(keeper: Keeper, dumps: Dumps): Promise<void> {
  await dumps.look(keeper.whole).then(undefined, () => undefined)
}

/** Returns when the index has come so far, or after a while: the rest goes on by itself. */
async function followTo(
  through: Offset,
  keeper: Keeper,
  table: TableReader,
  scheduler: Scheduler,
): Promise<void> {
  const { newest } = keeper
  if (keeper.paused) return
  const target = through < table.position ? through : table.position
  newest?.reach(target)
  if (newest === undefined || positionOf(keeper, table) >= target) return
  await new Promise<void>((resolve) => {
    const cancel = scheduler.after(FOLD_WAIT_MS, resolve)
    const isBehind = (): boolean => positionOf(keeper, table) < target
    newest.settle(target).then(() => {
      if (isBehind()) return
      cancel()
      resolve()
    }, resolve)
  })
}

async function* digestsOf(keeper: Keeper, slices: Slices): AsyncIterable<KeyDigest> {
  const follower = await keeper.ready()
  await follower.settle()
  const digests = await follower.whileStill(() => digestIndex(follower.index, slices))
  for (const digest of digests) {
    yield digest
    const rest = slices.rest()
    if (rest) await rest
  }
}

interface Figures {
  readonly name: string
  readonly head: Offset
  readonly keeper: Keeper
  readonly table: TableReader
  readonly dumps: Dumps
  readonly unstored: HeadwaterError | undefined
}

function statusOf({ name, head, keeper, table, dumps, unstored }: Figures): ViewStatus {
  const position = positionOf(keeper, table)
  const { whole, newest, error } = keeper
  const progress = keeper.progress.now
  return {
    name,
    kind: 'search',
    state: stateOf(keeper, table),
    ...(newest || error || progress ? {} : { unmade: true }),
    position,
    checkpoint: dumps.checkpoint,
    ...(dumps.snapshot ? { snapshot: dumps.snapshot } : {}),
    lag: Math.max(0, head - position),
    ratePerSecond: keeper.progress.ratePerSecond,
    ...(progress ? { progress } : {}),
    ...(error ? { error: errorToData(error) } : {}),
    ...(unstored ? { checkpointError: errorToData(unstored) } : {}),
    skipped: 0,
    quarantined: 0,
    memoryBytes: (whole?.index.bytes ?? 0) + (newest === whole ? 0 : (newest?.index.bytes ?? 0)),
  }
}

function stateOf(keeper: Keeper, table: TableReader): ViewState {
  if (keeper.progress.phase) return keeper.progress.phase
  if (keeper.error) return 'parked'
  if (keeper.paused) return 'paused'
  return table.stopped || table.paused ? 'stale' : 'live'
}
