/**
 * The two ways to an index: from a dump, caught up with the keys of the events after its checkpoint, or from all rows of
 * the table. Either way the follower listens to the table from the start, so that nothing that changes meanwhile is
 * missed, and the index is never ahead of its table.
 */
import { HeadwaterError, type Log, type Offset, type Scheduler } from '@headwater/log'
import type { Slices } from '../state/slice.ts'
import type { TableReader } from '../table/reader.ts'
import type { Dumps } from './dumps.ts'
import type { Follower } from './follower.ts'
import { createInvertedIndex, type InvertedIndex } from './inverted-index.ts'
import type { Progress } from './progress.ts'
import { textsOf } from './row-text.ts'

/** What an index is made with. */
export interface MakingOptions {
  readonly log: Log
  readonly table: TableReader
  readonly dumps: Dumps
  readonly fields: readonly string[]
  readonly scheduler: Scheduler
  readonly slices: Slices
  readonly progress: Progress
  /** A follower of `index` that hears of every change from now on. */
  readonly follow: (index: InvertedIndex) => Follower
  /** Throws when nobody wants the index any more, or the table starts over. */
  readonly mustGoOn: () => void
}

const ROWS_AT_ONCE = 512
const ROWS_BETWEEN_LOOKS = 4
const EVENTS_AT_ONCE = 2_000
/** Between two looks whether the table has come as far as the dump. */
const TABLE_WAIT_MS = 10

/** An index from the newest dump; nothing when there is none that can be used. Never fails for what is stored. */
export async function loadIndex(options: MakingOptions): Promise<Follower | undefined> {
  const { dumps, table, progress } = options
  progress.begin('restoring', dumps.newest?.documents ?? 0)
  const dump = await unlessRefused(dumps.load(table.generation, (share) => progress.reach(share)))
  options.mustGoOn()
  // A table that starts over meanwhile says so, and ends this making.
  if (dump === undefined || !(await tableReaches(options, dump.content.checkpoint))) return undefined
  const follower = options.follow(dump.index)
  dumps.beginFrom(follower)
  return (await catchUp(options, follower, dump.content.checkpoint)) ? follower : undefined
}

/** What storage gives; nothing where it refuses: what cannot be read is as good as none, since the rows are there. */
async function unlessRefused<T>(given: Promise<T>): Promise<T | undefined> {
  try {
    return await given
  } catch (error) {
    if (error instanceof HeadwaterError) return undefined
    throw error
  }
}

/** Waits for the table; false when it stopped or was paused short. */
async function tableReaches(
  { table, scheduler, mustGoOn }: MakingOptions,
  position: Offset,
): Promise<boolean> {
  while (table.position < position && !table.stopped && !table.paused) {
    await new Promise<void>((resolve) => scheduler.after(TABLE_WAIT_MS, resolve))
    mustGoOn()
  }
  return table.position >= position
}

/**
 * Names the keys of all events after `from`, and of those that fell since, to a follower, which stays at `from` until they are
 * indexed: also of those that only one source of the table has come to, which tells of them no more. False when they cannot
 * all be named, since the log does not give them or they are more than may wait: the follower then stays where it is for
 * good, and the rows are to be indexed instead.
 */
export async function catchUp(
  { log, table, mustGoOn }: Pick<MakingOptions, 'log' | 'table' | 'mustGoOn'>,
  follower: Follower,
  from: Offset,
): Promise<boolean> {
  const { position, furthest = position } = table
  const held = follower.holdAt(from)
  follower.reach(position)
  for (let at = from; at < furthest; ) {
    const batch = await unlessRefused(log.read(at, { maxEvents: EVENTS_AT_ONCE, types: table.types }))
    mustGoOn()
    // It gives nothing although the table has folded more, or cannot read that any more.
    if (batch === undefined || batch.through <= at) return false
    follower.noteKeys(
      [...batch.events, ...batch.voids].flatMap((event) => table.keysOf(event)),
      from,
    )
    if (follower.backlog.isOverrun) return false
    at = batch.through
  }
  held.release()
  await follower.settle(position)
  return true
}

/** An index of all rows. Rejects with `FOLD_FAILED` for a row that cannot be indexed, and when the table cannot be read. */
export async function buildIndex(options: MakingOptions): Promise<Follower> {
  const { table, fields, progress } = options
  const follower = options.follow(createInvertedIndex(fields.length))
  progress.begin('rebuilding', 0)
  await follower.whileStill(() => indexAllRows(options, follower.index))
  await follower.settle(table.position)
  return follower
}

async function indexAllRows(options: MakingOptions, index: InvertedIndex): Promise<void> {
  const { table, fields, progress, slices, mustGoOn } = options
  progress.begin('rebuilding', await table.count())
  let after: string | undefined
  do {
    const entries = await table.scan(after, ROWS_AT_ONCE)
    mustGoOn()
    for (let i = 0; i < entries.length; i++) {
      const { key, row } = entries[i]!
      index.put(key, textsOf(row, fields, key))
      const rest = i % ROWS_BETWEEN_LOOKS === 0 ? slices.rest() : undefined
      if (rest) await rest
    }
    after = entries.at(-1)?.key
    progress.add(entries.length)
  } while (after !== undefined)
}
