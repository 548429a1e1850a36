/**
 * A view group at work, as a record that the acts on it share: the stored state of its lineage, the core that answers, a
 * rebuild on the side, and why it stands still when it does. What must not run beside each other goes through one of two
 * rows: `exclusive` for what folds or switches, `storing` for what writes and takes over bases.
 */
import {
  type HeadwaterError,
  type Log,
  type Offset,
  ORIGIN,
  type Scheduler,
  type StoredEvent,
  type WallClock,
} from '@headwater/log'
import { createListeners, type Listeners } from '../listeners.ts'
import type { Locks } from '../locks.ts'
import { createRate, type Rate } from '../rate.ts'
import { createSerial, type Serial } from '../serial.ts'
import type { BaseStore } from '../state/base-store.ts'
import { type Calm, createCalm } from '../state/calm.ts'
import type { OpenState } from '../state/open-state.ts'
import type { PageCache } from '../state/page-cache.ts'
import { HISTORY } from '../table/history.ts'
import { ROWS } from '../table/maps.ts'
import type { Stamp } from '../table/stamp.ts'
import type { Changes, RowChange, Slice } from '../view.ts'
import type { GroupCore, Install } from './core.ts'
import type { GroupDefinition } from './definition.ts'
import type { GroupKind } from './kind.ts'
import { createPace, type Pace } from './pace.ts'

/** What a group is given. */
export interface GroupOptions {
  readonly definition: GroupDefinition
  /** How it folds and answers, when it is no table. */
  readonly kind?: GroupKind | undefined
  readonly log: Log
  /** The head that a fold from nothing has to reach before anything is answered: the log's, as far as it is known. */
  readonly head: () => Offset
  /** Resolves once the head has been looked up; meanwhile bases are read. */
  readonly headKnown: () => Promise<unknown>
  readonly store: BaseStore
  readonly locks: Locks
  readonly lockScope: string
  readonly cache: PageCache
  readonly clock: WallClock
  readonly scheduler: Scheduler
  /** Begins a slice of work. */
  readonly slice: () => Slice
  /** Waits for the next turn among all that works in the background. */
  readonly backgroundTurn: () => Promise<void>
  /** Everything that an event is about, each key once. */
  readonly keysOf: (event: StoredEvent) => readonly string[]
  /** Is told what storage refused to work that nobody waits for. */
  readonly failed: (error: unknown) => void
  /** Overlays of rebuilds past this are written to the side. */
  readonly overlayBytes: number
  /** Events of histories kept in memory by a fold from nothing. */
  readonly historyEvents: number
}

/** A group at work. */
export interface GroupUnit {
  readonly options: GroupOptions
  /** The lineage's state; nothing before it was opened. */
  main: OpenState | undefined
  /** What is folded and answers; its state is `main`, or one built on the side that is not published yet. */
  core: GroupCore | undefined
  /** A rebuild while `core` answers. */
  side: SideWork | undefined
  /** Why it is parked. */
  error: HeadwaterError | undefined
  /** What it listens for while it is parked; nothing when no event can help. */
  hope: Hope | undefined
  /** It is folded anew, or will be, because of what it heard. */
  foldsAnew: boolean
  restsUntilMs: number
  /** It was asked to stand where it is. */
  paused: boolean
  /** Its stored base is being dropped: what it holds meanwhile is not stored. */
  dropping: boolean
  /** Too much came late: it waits for the rebuild. */
  stalled: boolean
  /** The core's state replaces whatever another tab stored: it comes from a rebuild that was asked for. */
  supersedes: boolean
  /** After a jump to another tab's base: nothing is answered from a position before this one. */
  floor: Offset
  /** How many rows the growing parts have taken in, of how many. */
  growth: { done: number; readonly total: number } | undefined
  growing: boolean
  closed: boolean
  readonly exclusive: Serial
  readonly storing: Serial
  /** Something that waits may go on: the position, the state or an error changed. */
  readonly moved: Listeners<[]>
  readonly changes: Listeners<[changes: Changes]>
  readonly rowChanges: Listeners<[changes: readonly RowChange[], position: Offset, all: boolean]>
  /** A base was stored. */
  readonly stored: Listeners<[]>
  readonly rate: Rate
  readonly calm: Calm
  /** Milliseconds of folding since the last checkpoint: what opening again would cost. */
  tailMs: number
  /** Why the last base was not stored, until one is. */
  unstored: HeadwaterError | undefined
}

/** What a parked group listens for. */
export interface Hope {
  /** Events of this key … */
  readonly key: string
  /** … older than this stamp; any, where it is not known. */
  readonly before: Stamp | undefined
  /** Heard up to here. */
  heard: Offset
}

/** A rebuild on the side. */
export interface SideWork {
  readonly core: GroupCore
  readonly done: Promise<void>
}

/** A group that has not opened its state yet. */
export function createUnit(options: GroupOptions): GroupUnit {
  return {
    options,
    main: undefined,
    core: undefined,
    side: undefined,
    error: undefined,
    hope: undefined,
    foldsAnew: false,
    restsUntilMs: 0,
    paused: false,
    dropping: false,
    stalled: false,
    supersedes: false,
    floor: ORIGIN,
    growth: undefined,
    growing: false,
    closed: false,
    exclusive: createSerial(),
    storing: createSerial(),
    moved: createListeners(),
    changes: createListeners(),
    rowChanges: createListeners(),
    stored: createListeners(),
    rate: createRate(() => options.scheduler.elapsedMs()),
    calm: createCalm(options.scheduler),
    tailMs: 0,
    unstored: undefined,
  }
}

/** Whether it can answer: its rows are whole, and not older than what it has answered from before. */
export function isAnswering({ core, floor }: GroupUnit): boolean {
  return core?.whole === true && core.position >= floor
}

/** Work at the pace of the background: one slice among all that is rebuilt. */
export function backgroundPace({ options }: GroupUnit): Pace {
  return createPace(options.slice, options.backgroundTurn, options.scheduler)
}

/** Puts a core in place; what it installs is told from now on. */
export function putCore(unit: GroupUnit, core: GroupCore): void {
  unit.core = core
  unit.hope = undefined
  unit.stalled = false
  let answered = isAnswering(unit)
  core.installed = (install) => {
    if (unit.core !== core || !isAnswering(unit)) return
    if (answered) tellInstall(unit, install)
    else tellAll(unit)
    answered = true
  }
}

/** Parks the group: it is fed no further, and answers from where it stands. */
export function parkUnit(unit: GroupUnit, error: HeadwaterError): void {
  unit.error = error
  unit.moved.tell()
}

/** Tells that anything may have changed. */
export function tellAll(unit: GroupUnit): void {
  const position = unit.core?.position ?? ORIGIN
  unit.changes.tell({ view: unit.options.definition.table.name, position, all: true, keys: new Map() })
  unit.rowChanges.tell([], position, true)
  unit.moved.tell()
}

function tellInstall(unit: GroupUnit, install: Install): void {
  if (unit.changes.size > 0) {
    const keys = touchedKeys(install)
    const view = unit.options.definition.table.name
    if (keys.size > 0) unit.changes.tell({ view, position: install.position, all: false, keys })
  }
  unit.rowChanges.tell(install.rows, install.position, false)
  unit.moved.tell()
}

function touchedKeys({ rows, history, parts }: Install): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>()
  const put = (map: string, touched: readonly string[]): void => {
    if (touched.length > 0) keys.set(map, touched.toSorted())
  }
  put(
    ROWS,
    rows.map(({ key }) => key),
  )
  put(HISTORY, history)
  for (const { slot, part, staged } of parts) {
    if (slot.whole !== part) continue
    put(part.entries, staged.touched())
    if (part.members && staged.touchedMembers) put(part.members, staged.touchedMembers())
  }
  return keys
}
