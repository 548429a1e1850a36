/**
 * Keeps one index up with its table: takes the keys of changed rows, reads the rows when it gets to them and indexes them
 * in slices. Its position is the offset up to which every change is in the index; it is never ahead of the table. Whoever
 * must see one state of the index has it stand still for as long. A row that cannot be indexed stops it for good (V6).
 */
import { HeadwaterError, type Json, type Offset, type Scheduler } from '@headwater/log'
import { createSerial } from '../serial.ts'
import type { Slices } from '../state/slice.ts'
import type { TableReader } from '../table/reader.ts'
import type { RowChange } from '../view.ts'
import { type Backlog, createBacklog } from './backlog.ts'
import { compact } from './compaction.ts'
import type { InvertedIndex } from './inverted-index.ts'
import { areIndexedAlike, textsOf } from './row-text.ts'

/** An index that follows its table. */
export interface Follower {
  readonly index: InvertedIndex
  /** The generation of the table that it follows. */
  readonly generation: number
  /** Changes up to here are in the index. */
  readonly position: Offset
  /** Keys that wait. */
  readonly backlog: Pick<Backlog, 'size' | 'isFull' | 'isOverrun'>
  /** Documents put or removed so far. */
  readonly changedDocuments: number
  /** Why it stopped, when it did. */
  readonly error: HeadwaterError | undefined
  /** Takes an install of the table that reached `position`. */
  note(changes: readonly RowChange[], position: Offset): void
  /** Takes keys that may have changed after `before`. */
  noteKeys(keys: Iterable<string>, before: Offset): void
  /** The table reached `position` without changing rows. */
  reach(position: Offset): void
  /**
   * The position stays at `at` until `release` has been called and what waited then is indexed: older keys are still being
   * named. The last hold counts.
   */
  holdAt(at: Offset): { release(): void }
  /** Resolves when the position has come so far, or nothing waits any more, or it stopped. */
  settle(upTo?: Offset): Promise<void>
  /** Does something while the index does not change; one after the other. */
  whileStill<T>(act: () => Promise<T>): Promise<T>
  /** Ends it. Idempotent. */
  stop(): void
}

/** What a follower is given. */
export interface FollowerOptions {
  readonly index: InvertedIndex
  readonly table: TableReader
  readonly fields: readonly string[]
  readonly scheduler: Scheduler
  readonly slices: Slices
  /** The table's position when listening began. */
  readonly position: Offset
  /** Rows changed; called after each run of them. */
  readonly onIndexed: (documents: number) => void
  /** Nothing waits any more, or nothing more will be indexed: then `error` says why. */
  readonly onSettled: () => void
}

/** A follower of an index that holds every row as of `position`. */
export function createFollower(options: FollowerOptions): Follower {
  return new RowFollower(options)
}

interface Held {
  readonly at: Offset
  /** Keys still to be indexed since it was released. */
  left: number | undefined
}

/** Rows read at once. */
const ROWS_AT_ONCE = 64
/** Waits before the table is read again, doubling from the first to the last. */
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 30_000
/** Dead documents, beyond as many as live, at which the index is compacted, also where no dump is written. */
const MOST_DEAD = 10_000

class RowFollower implements Follower {
  readonly index: InvertedIndex
  readonly generation: number
  changedDocuments = 0
  error: HeadwaterError | undefined
  readonly #options: FollowerOptions
  readonly backlog = createBacklog()
  readonly #still = createSerial()
  #heard: Offset
  #held: Held | undefined
  #running = false
  /** What is being done now; never rejects. */
  #step: Promise<void> = Promise.resolve()
  #endWait: (() => void) | undefined
  #stopped = false

  constructor(options: FollowerOptions) {
    this.index = options.index
    this.generation = options.table.generation
    this.#options = options
    this.#heard = options.position
  }

  get position(): Offset {
    return this.#held?.at ?? this.backlog.before ?? this.#heard
  }

  note(changes: readonly RowChange[], position: Offset): void {
    if (this.#stopped) return
    const { fields } = this.#options
    for (const { key, before, after } of changes) {
      if (!areIndexedAlike(before, after, fields)) this.backlog.add(key, this.#heard)
    }
    this.reach(position)
  }

  noteKeys(keys: Iterable<string>, before: Offset): void {
    if (this.#stopped) return
    for (const key of keys) this.backlog.add(key, before)
    this.#run()
  }

  reach(position: Offset): void {
    if (position > this.#heard) this.#heard = position
    this.#run()
  }

  holdAt(at: Offset): { release(): void } {
    const held: Held = { at, left: undefined }
    this.#held = held
    const release = (): void => {
      held.left = this.backlog.size
      this.#letGo(0)
    }
    return { release }
  }

  async settle(upTo?: Offset): Promise<void> {
    while (this.#running && (upTo === undefined || this.position < upTo)) await this.#step
  }

  whileStill<T>(act: () => Promise<T>): Promise<T> {
    return this.#still(act)
  }

  stop(): void {
    this.#stopped = true
    this.#endWait?.()
  }

  #run(): void {
    if (this.#stopped || this.#running || this.backlog.size === 0) return
    this.#running = true
    void this.#indexAll()
  }

  async #indexAll(): Promise<void> {
    while (this.backlog.size > 0 && !this.#stopped) {
      this.#step = this.#indexSome().catch((error: unknown) => this.#park(error))
      await this.#step
    }
    this.#running = false
    if (!this.#stopped || this.error) this.#options.onSettled()
  }

  /** What goes wrong stops this follower alone (V6). */
  #park(error: unknown): void {
    this.error = asStop(error)
    this.stop()
  }

  async #indexSome(): Promise<void> {
    const keys = this.backlog.take(ROWS_AT_ONCE)
    const rows = await this.#readRows(keys)
    await this.#still(() => this.#indexRows(keys, rows))
    if (this.#stopped) return
    this.backlog.done()
    this.#letGo(keys.length)
    this.#options.onIndexed(keys.length)
    await this.#compactWhenDue()
  }

  async #indexRows(keys: readonly string[], rows: readonly (Json | undefined)[]): Promise<void> {
    for (let i = 0; i < keys.length && !this.#stopped; i++) {
      if (this.#indexRow(keys[i]!, rows[i])) this.changedDocuments++
      const rest = this.#options.slices.rest()
      if (rest) await rest
    }
  }

  #letGo(keys: number): void {
    const held = this.#held
    if (held?.left === undefined) return
    held.left -= keys
    if (held.left <= 0) this.#held = undefined
  }

  async #compactWhenDue(): Promise<void> {
    const { living, keys } = this.index.documents
    if (keys.length - living <= living + MOST_DEAD) return
    await this.#still(() => compact(this.index, this.#options.slices, () => undefined))
  }

  #indexRow(key: string, row: Json | undefined): boolean {
    if (row === undefined) return this.index.remove(key)
    this.index.put(key, textsOf(row, this.#options.fields, key))
    return true
  }

  /** What storage refuses, and rows that are being exchanged, are asked for again, more and more seldom. */
  async #readRows(keys: readonly string[]): Promise<readonly (Json | undefined)[]> {
    const { table } = this.#options
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, LAST_RETRY_MS)) {
      try {
        return await table.get(keys)
      } catch (error) {
        if (!(error instanceof HeadwaterError)) throw error
        await this.#waitFor(delayMs)
        if (this.#stopped) return []
      }
    }
  }

  #waitFor(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.scheduler.after(delayMs, resolve)
      this.#endWait = () => {
        cancel()
        resolve()
      }
    })
  }
}

function asStop(error: unknown): HeadwaterError {
  if (error instanceof HeadwaterError) return error
  return new HeadwaterError('INTERNAL', 'The rows of a table could not be indexed.', {
    hint: 'This is a bug: please report it with its cause.',
    cause: error,
  })
}
