/**
 * The dumps of one search index: knows the newest, reads it, writes the next. Writing is worth its while when a tenth of
 * the documents changed since the last one, or there is none; one tab at a time writes, and looks first whether another
 * has just done so. A dump takes effect with its manifest alone (V4), and only if the one that it replaces is still
 * current. While it is read its manifest is pinned.
 */
import type { Log, Offset, WallClock } from '@headwater/log'
import { latePart, ORIGIN } from '@headwater/log'
import type { Locks } from '../locks.ts'
import type { BaseStore, ManifestId, StoredManifest } from '../state/base-store.ts'
import { pinName } from '../state/pin.ts'
import type { Slices } from '../state/slice.ts'
import type { StoredSnapshot } from '../view.ts'
import { compact } from './compaction.ts'
import { type DumpContent, encodeDump, NO_DUMP, parseDump } from './dump-format.ts'
import { readDump } from './dump-reader.ts'
import { type WrittenParts, writeParts } from './dump-writer.ts'
import type { Follower } from './follower.ts'
import type { InvertedIndex } from './inverted-index.ts'
import { searchLineage } from './lineage.ts'

const dropping = latePart('dropping a dump', () => import('../state/drop.ts'))

/** What dumps are kept with. */
export interface DumpOptions {
  readonly log: Log
  readonly store: BaseStore
  readonly locks: Locks
  readonly lockScope: string
  readonly clock: WallClock
  readonly slices: Slices
  readonly fingerprint: string
  readonly fields: readonly string[]
}

/** A dump, read. */
export interface LoadedDump {
  readonly index: InvertedIndex
  readonly content: DumpContent
}

/** The dumps. */
export interface Dumps {
  /** The newest known dump, if this build can use it. */
  readonly newest: DumpContent | undefined
  readonly checkpoint: Offset
  /** The newest known dump as it is stored, where its size is known: older builds did not write it down. */
  readonly snapshot: StoredSnapshot | undefined
  /** Deletes the dump; who reads it at the moment reads on. Error: `STORAGE_BLOCKED`. */
  drop(): Promise<void>
  /** Looks for a dump of another tab. `follower` is the index that answers here, if any. */
  look(follower: Follower | undefined): Promise<void>
  /** Reads the newest dump; nothing when there is none, or it is damaged, ahead of the log, or of another generation. */
  load(generation: number, onRead: (share: number) => void): Promise<LoadedDump | undefined>
  /** `follower` holds the index of the newest dump and what came since. */
  beginFrom(follower: Follower): void
  /** Writes a dump if that is worth its while, or, by `force`, if it would differ from the newest; says whether it did. */
  store(follower: Follower, force: boolean, mustGoOn: () => void): Promise<boolean>
}

interface Known {
  readonly id: ManifestId
  /** Nothing when this build cannot use it. */
  readonly content: DumpContent | undefined
  readonly storedAt: number
}

/** The dumps of the index with this fingerprint. */
export function createDumps(options: DumpOptions): Dumps {
  return new DumpKeeper(options)
}

/** Each try fails only when the manifest was swept between reading its name and pinning it. */
const MOST_TRIES = 10
/** The share of documents that must have changed. */
const WORTHWHILE_SHARE = 0.1

class DumpKeeper implements Dumps {
  readonly #options: DumpOptions
  readonly #lineage: string
  #known: Known | undefined
  #isDamaged = false
  /** How many documents of `follower` had changed when the newest dump was made. */
  #base: { readonly follower: Follower; readonly changes: number } | undefined

  constructor(options: DumpOptions) {
    this.#options = options
    this.#lineage = searchLineage(options.fingerprint)
  }

  get newest(): DumpContent | undefined {
    return this.#known?.content
  }

  get checkpoint(): Offset {
    return this.newest?.checkpoint ?? ORIGIN
  }

  get snapshot(): StoredSnapshot | undefined {
    const { content, storedAt } = this.#known ?? {}
    return content?.bytes === undefined || storedAt === undefined
      ? undefined
      : { bytes: content.bytes, storedAt }
  }

  async drop(): Promise<void> {
    const { store, clock } = this.#options
    const { putEmpty } = await dropping()
    await putEmpty({ store, clock, lineage: this.#lineage, family: this.#lineage }, () => NO_DUMP)
    this.#learn(await store.current(this.#lineage))
  }

  async look(follower: Follower | undefined): Promise<void> {
    const current = await this.#options.store.current(this.#lineage)
    if (current?.id === this.#known?.id) return
    this.#learn(current)
    // What changed here before another tab's dump is in that dump, but for what this tab was ahead by.
    if (follower && this.newest?.generation === follower.generation) this.beginFrom(follower)
  }

  beginFrom(follower: Follower): void {
    this.#base = { follower, changes: follower.changedDocuments }
  }

  async load(generation: number, onRead: (share: number) => void): Promise<LoadedDump | undefined> {
    const { log, store, locks, lockScope, slices } = this.#options
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const current = await store.current(this.#lineage)
      this.#learn(current)
      const content = this.newest
      if (!current || !content || content.generation !== generation) return undefined
      if (content.checkpoint > log.head && content.checkpoint > (await log.refresh())) return undefined
      const pin = await locks.shared(pinName(lockScope, current.id))
      try {
        if ((await store.getManifest(current.id)) === undefined) continue
        const index = await readDump(store, content, slices, onRead)
        this.#isDamaged = index === undefined
        return index && { index, content }
      } finally {
        pin.release()
      }
    }
    return undefined
  }

  async store(follower: Follower, force: boolean, mustGoOn: () => void): Promise<boolean> {
    const { locks, lockScope } = this.#options
    await this.look(follower)
    if (!this.#isDue(follower, force)) return false
    const turn = await locks.exclusiveIfFree(`${lockScope}:dump:${this.#lineage}`)
    if (turn === undefined) return false
    try {
      await this.look(follower)
      if (!this.#isDue(follower, force)) return false
      return await this.#write(follower, mustGoOn)
    } finally {
      turn.release()
    }
  }

  #isDue(follower: Follower, force: boolean): boolean {
    if (follower.error !== undefined) return false
    const { newest } = this
    const { living } = follower.index.documents
    const changes =
      follower.changedDocuments - (this.#base?.follower === follower ? this.#base.changes : -living - 1)
    if (newest === undefined || this.#isDamaged) return force || living > 0
    if (force) return changes > 0 || follower.position > newest.checkpoint
    return changes >= Math.max(1, living * WORTHWHILE_SHARE)
  }

  #learn(current: StoredManifest | undefined): void {
    if (current?.id === this.#known?.id) return
    const { log, fields } = this.#options
    this.#known = current && {
      id: current.id,
      storedAt: current.storedAt,
      content: parseDump(current.text, log.id, fields),
    }
    this.#isDamaged = false
  }

  /** The index stands still only while its parts are written: what storage owes besides must not hold up its rows. */
  async #write(follower: Follower, mustGoOn: () => void): Promise<boolean> {
    const { store, clock } = this.#options
    const epoch = await store.epoch()
    const { content, changes } = await follower.whileStill(() => this.#writeIndex(follower, mustGoOn))
    mustGoOn()
    const storedAt = clock.now()
    const id = await store.putManifest({
      lineage: this.#lineage,
      family: this.#lineage,
      storedAt,
      text: encodeDump(content),
      pages: content.parts.map(({ page }) => page),
      replaces: this.#known?.id,
      epoch,
    })
    if (id === 'superseded' || id === 'swept') return false
    this.#known = { id, content, storedAt }
    this.#isDamaged = false
    this.#base = { follower, changes }
    return true
  }

  /** The index is compacted, and then written as it lies. */
  async #writeIndex(
    follower: Follower,
    mustGoOn: () => void,
  ): Promise<{ readonly content: DumpContent; readonly changes: number }> {
    const { store, slices } = this.#options
    mustGoOn()
    await compact(follower.index, slices, mustGoOn)
    const written = await writeParts(store, follower.index, slices, mustGoOn)
    return { content: this.#contentOf(follower, written), changes: follower.changedDocuments }
  }

  /** The position may have moved on over changes that wait; it has not moved over any that is not in the index. */
  #contentOf({ index, position, generation }: Follower, written: WrittenParts): DumpContent {
    const { log, fields } = this.#options
    const { documents, terms } = index
    return {
      logId: log.id,
      generation,
      checkpoint: position,
      fields,
      documents: documents.living,
      terms: terms.size,
      ...written,
    }
  }
}
