/**
 * Keeps one index up with its table: takes the keys of changed rows, reads the rows when it gets to them and indexes them
 * in slices. Its position is the offset up to which every change is in the index; it is never ahead of the table. While
 * paused it changes nothing, so that a dump sees one state. A row that cannot be indexed stops it for good (V6).
 */
import { HeadwaterError, type Json, type Offset, type Scheduler } from '@headwater/log'
import type { Slices } from '../state/slice.ts'
import type { TableReader } from '../table/reader.ts'
import type { RowChange } from '../view.ts'
import { createBacklog } from './backlog.ts'
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
  readonly backlog: number
  readonly isFull: boolean
  readonly isOverrun: boolean
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
  /** Until `release` is called and the backlog is empty, the position stays at `at`: older keys are still being named. */
  holdAt(at: Offset): { release(): void }
  /** Resolves when nothing waits any more, or when it stopped. */
  settle(): Promise<void>
  /** Changes nothing until the returned function is called. */
  pause(): () => void
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
  /** Nothing waits any more. */
  readonly onSettled: () => void
  readonly onStopped: () => void
}

/** Rows read at once. */
const ROWS_AT_ONCE = 64
/** Waits before the table is read again, doubling from the first to the last. */
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 30_000

/** A follower of an index that holds every row as of `position`. */
export function createFollower(options: FollowerOptions): Follower {
  return new RowFollower(options)
}

class RowFollower implements Follower {
  readonly index: InvertedIndex
  readonly generation: number
  changedDocuments = 0
  error: HeadwaterError | undefined
  readonly #options: FollowerOptions
  readonly #backlog = createBacklog()
  #heard: Offset
  #held: { readonly at: Offset; released: boolean } | undefined
  #running: Promise<void> | undefined
  #pauses = 0
  #resume: (() => void) | undefined
  #resumed: Promise<void> | undefined
  #endWait: (() => void) | undefined
  #stopped = false

  constructor(options: FollowerOptions) {
    this.index = options.index
    this.generation = options.table.generation
    this.#options = options
    this.#heard = options.position
  }

  get position(): Offset {
    return this.#held?.at ?? this.#backlog.before ?? this.#heard
  }

  get backlog(): number {
    return this.#backlog.size
  }

  get isFull(): boolean {
    return this.#backlog.isFull
  }

  get isOverrun(): boolean {
    return this.#backlog.isOverrun
  }

  note(changes: readonly RowChange[], position: Offset): void {
    if (this.#stopped) return
    const { fields } = this.#options
    for (const { key, before, after } of changes) {
      if (!areIndexedAlike(before, after, fields)) this.#backlog.add(key, this.#heard)
    }
    this.reach(position)
  }

  noteKeys(keys: Iterable<string>, before: Offset): void {
    if (this.#stopped) return
    for (const key of keys) this.#backlog.add(key, before)
    this.#run()
  }

  reach(position: Offset): void {
    if (position > this.#heard) this.#heard = position
    this.#run()
  }

  holdAt(at: Offset): { release(): void } {
    const held = { at, released: false }
    this.#held = held
    const release = (): void => {
      held.released = true
      if (this.#backlog.size === 0 && this.#running === undefined) this.#letGo()
    }
    return { release }
  }

  async settle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  pause(): () => void {
    if (this.#pauses++ === 0) {
      this.#resumed = new Promise((resolve) => {
        this.#resume = resolve
      })
    }
    let released = false
    return () => {
      if (released) return
      released = true
      if (--this.#pauses === 0) this.#resume?.()
    }
  }

  stop(): void {
    this.#stopped = true
    this.#resume?.()
    this.#endWait?.()
  }

  #run(): void {
    if (this.#stopped || this.#running !== undefined || this.#backlog.size === 0) return
    this.#running = this.#indexAll().finally(() => {
      this.#running = undefined
      if (this.error) return this.#options.onStopped()
      if (this.#stopped) return
      if (this.#backlog.size > 0) return this.#run()
      this.#letGo()
      this.#options.onSettled()
    })
  }

  #letGo(): void {
    if (this.#held?.released) this.#held = undefined
  }

  /** Never rejects: what goes wrong stops this follower alone (V6). */
  async #indexAll(): Promise<void> {
    try {
      while (this.#backlog.size > 0 && !this.#stopped) await this.#indexSome()
    } catch (error) {
      this.error = asStop(error)
      this.stop()
    }
  }

  async #indexSome(): Promise<void> {
    if (this.#pauses > 0) await this.#whilePaused()
    const keys = this.#backlog.take(ROWS_AT_ONCE)
    const rows = await this.#readRows(keys)
    let changed = 0
    for (let i = 0; i < keys.length; i++) {
      if (this.#pauses > 0) await this.#whilePaused()
      if (this.#stopped) return
      if (this.#indexRow(keys[i]!, rows[i])) changed++
      const rest = this.#options.slices.rest()
      if (rest) await rest
    }
    this.#backlog.done()
    this.changedDocuments += changed
    this.#options.onIndexed(keys.length)
  }

  #indexRow(key: string, row: Json | undefined): boolean {
    if (row === undefined) return this.index.remove(key)
    this.index.put(key, textsOf(row, this.#options.fields, key))
    return true
  }

  async #whilePaused(): Promise<void> {
    while (this.#pauses > 0 && !this.#stopped) await this.#resumed
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
