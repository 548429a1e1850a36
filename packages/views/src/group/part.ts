/**
 * A part of a view group: what is kept beside the rows and derived from them, an index or an aggregate. A part is fed row
 * changes, computes its own changes without touching the state, and installs them in the same moment as the rows. Each
 * build of a part has maps of its own, so that a new build grows on the side while the old one answers.
 */
import type { HeadwaterError, Json, Offset } from '@headwater/log'
import type { OpenState } from '../state/open-state.ts'
import type { RowChange } from '../view.ts'

/** What a staged part needs of the state. */
export type ReadableState = Pick<OpenState, 'read'>

/** Writes one entry at the position that is being installed. */
export type Write = (map: string, key: string, value: Json | undefined, bytes: number) => void

/** What one run of row changes does to a part. */
export interface StagedPart {
  /** Takes changes in. Throws `FOLD_FAILED`; the staged part is then worthless. */
  add(changes: readonly RowChange[]): void
  /** Reads what the changes have to be laid upon. Throws `FOLD_FAILED`. */
  settle(state: ReadableState): void | Promise<void>
  /** Writes it all, synchronously. */
  install(write: Write): void
  /** Keys that the install touches, in any order. */
  touched(): readonly string[]
  /** Groups of which any row changed, also where that changed nothing that is measured. */
  touchedMembers?(): readonly string[]
}

/** One build of a part. */
export interface Part {
  readonly build: number
  /** The name that its map of entries has in dependencies and changes. */
  readonly entries: string
  /** The name that the rows behind its entries have there; nothing where nobody asks for them. */
  readonly members?: string
  /** Names of its maps in the state. */
  readonly maps: readonly string[]
  stage(): StagedPart
}

/** A part with its builds: the whole one that answers, and one that is being built from the rows. */
export interface PartSlot {
  /** Names the part in the group, and in the base. */
  readonly id: string
  /** The aggregate that it belongs to; nothing for an index, which is the table's own. */
  readonly aggregate: string | undefined
  readonly create: (build: number) => Part
  /** Number of the newest build. */
  build: number
  /** The build that the state's base holds whole; any other lives in the overlay alone. */
  storedBuild: number | undefined
  whole: Part | undefined
  /** Grows from the rows: those up to `upTo` are in it. */
  growing: Growing | undefined
  /** Why the part stands still. */
  error: HeadwaterError | undefined
  /** The group's position when it came to stand still. */
  parkedAt: Offset | undefined
}

/** A build on its way. */
export interface Growing {
  readonly part: Part
  upTo: string | undefined
}
