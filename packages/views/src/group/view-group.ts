/**
 * The view group: one table with its indexes, its history and its aggregates over one stored state, as the `View` that the
 * dispatcher feeds. This file only wires: folding is `fold-run.ts`, storing `store.ts`, rebuilding `rebuild.ts`, answering
 * `answer.ts`.
 */
import {
  assert,
  type EventBatch,
  type HeadwaterError,
  isHeadwaterError,
  latePart,
  type Offset,
  ORIGIN,
} from '@headwater/log'
import type { ProgressOptions } from '../progress-options.ts'
import type { TableReader } from '../table/reader.ts'
import { createTableRules } from '../table/rules.ts'
import type { Slice, View } from '../view.ts'
import { answerUnit } from './answer.ts'
import { unitDigests } from './digests.ts'
import { foldBatch } from './fold-batch.ts'
import { openUnit } from './open.ts'
import { pauseUnit, resumeUnit } from './pause.ts'
import { rebuildAggregate, rebuildUnit } from './rebuild.ts'
import { overlayBytes, unitStatus } from './status.ts'
import { adoptUnit, checkpointUnit } from './store.ts'
import { createTableReader } from './table-reader.ts'
import { createUnit, type GroupOptions, type GroupUnit, parkUnit } from './unit.ts'

const dropping = latePart('dropping a base', () => import('./drop.ts'))

/** A batch that says where it begins, so that one read before a jump is not folded behind it. */
export interface FedBatch extends EventBatch {
  readonly after?: Offset
}

/** A view group. */
export interface ViewGroup extends View {
  readonly reader: TableReader
  /** Where the next batch for it begins. */
  readonly feedAfter: Offset
  /** Whether feeding it is of use: it folds, or it is parked and listens for what may take it up again. */
  readonly takesEvents: boolean
  /** Parked, but not for good as far as it knows: it has not heard all that is in the log, or is being folded anew. */
  readonly hopes: boolean
  /** Why it is parked. */
  readonly error: HeadwaterError | undefined
  /** Milliseconds of folding that opening would cost again. */
  readonly tailMs: number
  readonly overlayBytes: number
  /** Milliseconds that its checkpoints have waited for folds. */
  readonly calmMs: number
  fold(batch: FedBatch, slice: () => Slice): Promise<void>
  rebuild(options?: ProgressOptions): Promise<void>
  /** Rebuilds one of its aggregates from the rows, or (the table's name) all from the log. */
  rebuildView(name: string, options: ProgressOptions): Promise<void>
  /** Parks it for something that lies in the log. */
  park(error: HeadwaterError): void
  /** Calls back when its position, its state or an error changed. */
  onMoved(listener: () => void): () => void
  /** Calls back when it stored a base. */
  onStored(listener: () => void): () => void
  /** Runs `act` while nothing is folded or switched. */
  whileStill<T>(act: () => Promise<T>): Promise<T>
}

/** A group that has not been restored yet. */
export function createViewGroup(options: GroupOptions): ViewGroup {
  const unit = createUnit(options)
  const { table, aggregates } = options.definition
  const { types } = createTableRules(table)
  return {
    name: table.name,
    answersFor: [table.name, ...aggregates.map(({ name }) => name)],
    types,
    reader: createTableReader(unit),
    get position() {
      return unit.core?.whole ? unit.core.position : ORIGIN
    },
    get feedAfter() {
      return unit.hope?.heard ?? unit.core?.position ?? ORIGIN
    },
    get checkpoint() {
      return unit.core?.state.checkpoint ?? ORIGIN
    },
    get stopped() {
      return unit.error !== undefined || unit.stalled || unit.closed
    },
    get paused() {
      return unit.paused
    },
    get takesEvents() {
      const listens = unit.error === undefined || unit.hope !== undefined
      return listens && !unit.paused && !unit.stalled && !unit.closed
    },
    get hopes() {
      return unit.foldsAnew || (unit.hope !== undefined && unit.hope.heard < options.head())
    },
    get error() {
      return unit.error
    },
    get tailMs() {
      return unit.tailMs
    },
    get overlayBytes() {
      return overlayBytes(unit)
    },
    get calmMs() {
      return unit.calm.waitedMs
    },
    ...actsOf(unit),
  }
}

type Acts = Omit<ViewGroup, 'name' | 'answersFor' | 'types' | 'reader' | 'position' | 'feedAfter' | Figures>
type Figures =
  | 'checkpoint'
  | 'stopped'
  | 'paused'
  | 'takesEvents'
  | 'hopes'
  | 'error'
  | 'tailMs'
  | 'overlayBytes'
  | 'calmMs'

function actsOf(unit: GroupUnit): Acts {
  return {
    status: (head) => unitStatus(unit, head),
    restore: () => restoreUnit(unit),
    fold: (batch, slice) => unit.exclusive(() => foldBatch(unit, batch, slice)),
    answer: (request, signal) => answerUnit(unit, request, signal),
    onChanges: (listener) => unit.changes.add(listener),
    onMoved: (listener) => unit.moved.add(listener),
    onStored: (listener) => unit.stored.add(listener),
    checkpointNow: () => checkpointUnit(unit),
    adopt: () => adoptUnit(unit),
    rebuild: (progress = {}) => rebuildUnit(unit, progress),
    rebuildView: (name, progress) => rebuildNamed(unit, name, progress),
    park: (error) => parkInLog(unit, error),
    pause: () => pauseUnit(unit),
    resume: () => resumeUnit(unit),
    async dropBase(progress = {}) {
      const { dropUnit } = await dropping()
      await mustBeRestored(unit)
      await dropUnit(unit, progress)
    },
    digests: (name) => unitDigests(unit, name),
    whileStill: (act) => unit.exclusive(act),
    async close() {
      unit.closed = true
      unit.core?.state.close()
      unit.main?.close()
      unit.side?.core.state.close()
      unit.moved.tell()
    },
  }
}

/** Nothing behind it can be heard, so that there is no hope for a group that a fold has parked already. */
function parkInLog(unit: GroupUnit, error: HeadwaterError): void {
  unit.hope = undefined
  parkUnit(unit, unit.error ?? error)
}

/** A kind that does not load is parked alone (V6): its state is not even opened. */
async function restoreUnit(unit: GroupUnit): Promise<void> {
  try {
    await unit.options.kind?.load()
  } catch (error) {
    if (!isHeadwaterError(error)) throw error
    return parkUnit(unit, error)
  }
  await unit.exclusive(() => openUnit(unit))
}

/** What did not load is asked for again. Rejects with why it cannot be had. */
async function mustBeRestored(unit: GroupUnit): Promise<void> {
  if (unit.main !== undefined) return
  unit.error = undefined
  await restoreUnit(unit)
  throwParked(unit)
}

function throwParked({ error }: GroupUnit): void {
  if (error) throw error
}

async function rebuildNamed(unit: GroupUnit, name: string, progress: ProgressOptions): Promise<void> {
  await mustBeRestored(unit)
  if (name === unit.options.definition.table.name) return rebuildUnit(unit, progress)
  const slot = unit.core?.slots.find(({ aggregate }) => aggregate === name)
  assert(slot !== undefined, 'a group rebuilds what it answers for, once it is restored')
  return rebuildAggregate(unit, slot, progress)
}
