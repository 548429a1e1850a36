/**
 * Keeps the index of one search view over its life: none until the first question, then loaded or built, then whole and
 * following its table; when the table starts over, or on demand, another is built on the side while the whole one goes on
 * answering. A row that cannot be indexed parks it (V6); a store or table that cannot be read fails the question that
 * asked, and the next one tries again.
 */
import { type HeadwaterError, isHeadwaterError, type Log, type Scheduler } from '@headwater/log'
import type { Slices } from '../state/slice.ts'
import type { TableReader } from '../table/reader.ts'
import type { RowChange } from '../view.ts'
import type { Dumps } from './dumps.ts'
import { createFollower, type Follower } from './follower.ts'
import type { InvertedIndex } from './inverted-index.ts'
import { buildIndex, catchUp, loadIndex, type MakingOptions } from './making.ts'
import { createMissed } from './missed.ts'
import { createProgress, type Progress } from './progress.ts'
import { closedIndex } from './refusals.ts'

/** Keeps an index. */
export interface Keeper {
  /** The index that answers, if there is one. */
  readonly whole: Follower | undefined
  /** The newest index, whole or in the making. */
  readonly newest: Follower | undefined
  readonly progress: Progress
  /** Why it is parked, when it is. */
  readonly error: HeadwaterError | undefined
  readonly closed: boolean
  /** Whether the whole index stands where it is. */
  readonly paused: boolean
  /** The whole index, made first when there is none. */
  ready(): Promise<Follower>
  /** Builds another from the rows and puts it in place. */
  rebuild(): Promise<void>
  /**
   * Stops the whole index where it is, once it holds what it has heard of. One that is still to be made, because somebody
   * asks, is made as the rows are then, and stands there.
   */
  pause(): Promise<void>
  /** It catches up with what it has missed. */
  resume(): void
  /** Throws `CLOSED` once closed. */
  mustBeOpen(): void
  close(): void
}

/** What a keeper is given. */
export interface KeeperOptions {
  readonly name: string
  readonly log: Log
  readonly table: TableReader
  readonly dumps: Dumps
  readonly fields: readonly string[]
  readonly scheduler: Scheduler
  readonly slices: Slices
  /** Rows changed that answers will show; `all` when another index takes over. */
  readonly onChanged: (all: boolean) => void
  /** Some of them are indexed. */
  readonly onIndexed: () => void
  /** All that was heard of is indexed. */
  readonly onSettled: () => void
}

/** A keeper without an index. */
export function createKeeper(options: KeeperOptions): Keeper {
  return new IndexKeeper(options)
}

/** Waits before an index is made again, doubling from the first to the last. */
const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 30_000
/** Thrown within the making of an index when the table started over meanwhile. Never leaves this file. */
const STARTED_OVER = new Error('the table started over')

class IndexKeeper implements Keeper {
  readonly progress: Progress
  whole: Follower | undefined
  closed = false
  paused = false
  readonly #options: KeeperOptions
  readonly #unsubscribe: () => void
  #next: Follower | undefined
  #making: Promise<Follower> | undefined
  #startedOver = false
  /** Why the last index that was to be made cannot be. */
  #refusal: HeadwaterError | undefined
  #cancelRetry: (() => void) | undefined
  /** What changed while it was paused. */
  #missed = createMissed()

  constructor(options: KeeperOptions) {
    this.#options = options
    this.progress = createProgress(options.scheduler)
    this.#unsubscribe = options.table.onRowChanges((changes, position, all) => {
      if (this.#isHeld()) this.#missed.add(changes, all)
      else if (all) this.#startOver()
      else this.#note(changes, position)
    })
  }

  get error(): HeadwaterError | undefined {
    return this.#refusal ?? this.whole?.error
  }

  get newest(): Follower | undefined {
    return this.#next ?? this.whole
  }

  async ready(): Promise<Follower> {
    this.mustBeOpen()
    return this.whole ?? (await (this.#making ?? this.#make(true)))
  }

  async rebuild(): Promise<void> {
    // Whatever is being made now must end first; how it ends is told to who asked for it.
    while (this.#making) await this.#making.then(ignore, ignore)
    this.mustBeOpen()
    this.#refusal = undefined
    await this.#make(false)
  }

  async pause(): Promise<void> {
    this.paused = true
    await this.whole?.settle()
  }

  resume(): void {
    if (!this.paused) return
    this.paused = false
    const { keys, isAll } = this.#missed
    this.#missed = createMissed()
    const { whole } = this
    if (!whole || (keys.size === 0 && !isAll)) return
    if (isAll) {
      this.#startOver()
      return
    }
    whole.noteKeys(keys, whole.position)
    whole.reach(this.#options.table.position)
    this.#options.onChanged(false)
  }

  mustBeOpen(): void {
    if (this.closed) throw closedIndex(this.#options.name)
  }

  close(): void {
    this.closed = true
    this.#unsubscribe()
    this.#cancelRetry?.()
    this.whole?.stop()
    this.#next?.stop()
  }

  /** What is being made goes on hearing of changes; the whole index, paused, does not. */
  #isHeld(): boolean {
    return this.paused && this.whole !== undefined && this.#making === undefined
  }

  #note(changes: readonly RowChange[], position: Parameters<Follower['reach']>[0]): void {
    const { newest } = this
    newest?.note(changes, position)
    if (newest?.backlog.isOverrun) this.#startOver()
    if (changes.length === 0 || newest === undefined || newest !== this.whole) return
    this.#options.onChanged(false)
    if (newest.backlog.size === 0) this.#options.onSettled()
  }

  /** The table jumped or was rebuilt, or the backlog is past its bound. */
  #startOver(): void {
    const { whole } = this
    this.#startedOver = true
    if (this.#making !== undefined) return
    this.#refusal = undefined // other rows may be fit to be indexed
    if (whole === undefined) return
    if (
      whole.error === undefined &&
      whole.generation === this.#options.table.generation &&
      !whole.backlog.isOverrun
    )
      this.#followJump(whole)
    else this.#replace(whole, FIRST_RETRY_MS)
  }

  /** Same history, further on: the keys of the events between say what changed. */
  #followJump(whole: Follower): void {
    this.#startedOver = false
    const { log, table } = this.#options
    const mustGoOn = (): void => this.#mustGoOn()
    const replace = (): void => this.#replace(whole, FIRST_RETRY_MS)
    catchUp({ log, table, mustGoOn }, whole, whole.position).then((isCaughtUp) => {
      if (!isCaughtUp) return replace()
      this.#options.onChanged(true)
      this.#options.onSettled()
    }, replace)
  }

  /** Other rows, another index: tried until it is made. The old one answers, and claims nothing that came since. */
  #replace(whole: Follower, retryMs: number): void {
    if (this.closed || this.#refusal || this.#making || this.whole !== whole) return
    this.#cancelRetry?.()
    whole.holdAt(whole.position)
    if (whole.backlog.isOverrun) whole.stop()
    this.#make(false).then(ignore, () => {
      const again = (): void => this.#replace(whole, Math.min(retryMs * 2, LAST_RETRY_MS))
      if (!this.closed) this.#cancelRetry = this.#options.scheduler.after(retryMs, again)
    })
  }

  #make(mayLoad: boolean): Promise<Follower> {
    this.#making = this.#makeWhole(mayLoad)
    return this.#making
  }

  async #makeWhole(mayLoad: boolean): Promise<Follower> {
    for (;;) {
      this.#startedOver = false
      try {
        const follower = await this.#makeOnce(mayLoad)
        this.#mustGoOn()
        if (follower.error) throw follower.error
        this.#install(follower)
        return follower
      } catch (error) {
        this.#next?.stop()
        this.#next = undefined
        if (error === STARTED_OVER) continue
        if (isHeadwaterError(error, 'FOLD_FAILED')) this.#refusal = error
        this.#endMaking()
        throw error
      }
    }
  }

  /** In one step with what the making came to: a table that starts over right after it must find nothing in the making. */
  #endMaking(): void {
    this.#making = undefined
    this.#next = undefined
    this.progress.end()
  }

  async #makeOnce(mayLoad: boolean): Promise<Follower> {
    const options: MakingOptions = {
      ...this.#options,
      progress: this.progress,
      follow: (index) => this.#follow(index),
      mustGoOn: () => this.#mustGoOn(),
    }
    return (mayLoad ? await loadIndex(options) : undefined) ?? (await buildIndex(options))
  }

  #follow(index: InvertedIndex): Follower {
    const { table, fields, scheduler, slices } = this.#options
    const follower = createFollower({
      index,
      table,
      fields,
      scheduler,
      slices,
      position: table.position,
      onIndexed: (rows) => {
        this.progress.count(rows)
        if (follower === this.whole) this.#options.onIndexed()
      },
      onSettled: () => {
        if (follower === this.whole) this.#options.onSettled()
      },
    })
    this.#next?.stop()
    this.#next = follower
    return follower
  }

  #install(follower: Follower): void {
    const before = this.whole
    before?.stop()
    this.whole = follower
    this.#endMaking()
    if (before) this.#options.onChanged(true)
    this.#options.onSettled()
  }

  #mustGoOn(): void {
    this.mustBeOpen()
    if (this.#startedOver || this.#next?.backlog.isOverrun) throw STARTED_OVER
  }
}

function ignore(): void {
  // The outcome is told by `error`, `whole` and to whoever asked for it.
}
