/**
 * The runs of records that were read last, at most two: the one that is being decoded and the one that comes next, asked
 * for while the first is decoded. A run's number of records follows the size of those seen, to make about 1 MiB.
 */
import type { OpenRecord } from '../decode.ts'
import type { Offset } from '../identity.ts'
import { recordAt } from '../run.ts'
import { type Connection, withConnection } from './connection.ts'
import { fetchRun, type Run } from './fetch.ts'

/** About how many bytes a run has. */
export const RUN_BYTES = 1_048_576
/** Records of the first run, when nothing is known of their size yet, and the most of any run. */
const FIRST_LIMIT = 4
const MOST_RECORDS = 512

/** Runs by position. */
export interface RunCache {
  /** The run that begins at, or contains, `position`. */
  readonly runFrom: (position: number) => Promise<Run>
  /** The record that holds `offset`, when a run at hand does. */
  readonly recordAtHand: (offset: Offset) => Promise<OpenRecord | undefined>
  /** A run that is read past all others and not kept. */
  readonly passingRun: (position: number) => Promise<Run>
}

/** A run that was asked for; `through` is set once it has arrived. */
interface Slot {
  readonly from: number
  readonly run: Promise<Run>
  through?: number
}

/** Creates an empty cache; `head` says how far there is anything to read. */
export function createRunCache(
  connection: Connection,
  keyRange: typeof IDBKeyRange,
  head: () => Offset,
): RunCache {
  let slots: Slot[] = []
  let limit = FIRST_LIMIT

  const passingRun = (position: number): Promise<Run> =>
    withConnection(connection, (database) => fetchRun(database, position, limit, keyRange))
  const ask = (from: number): Slot => {
    const slot: Slot = { from, run: passingRun(from) }
    slots = [...slots.slice(-1), slot]
    slot.run.then(
      ({ through, records, bytes }) => {
        slot.through = through
        if (records.length > 0) limit = limitFor(bytes / records.length)
      },
      () => {
        slots = slots.filter((other) => other !== slot)
      },
    )
    return slot
  }
  const slotOf = (position: number): Slot | undefined => slots.find((slot) => isThere(slot, position))
  return {
    passingRun,
    runFrom: async (position) => {
      const run = await (slotOf(position) ?? ask(position)).run
      const goesOn = !run.isLast && !run.damage && run.through < head()
      if (goesOn && !slots.some(({ from }) => from === run.through + 1)) ask(run.through + 1)
      return run
    },
    recordAtHand: async (offset) => {
      const run = await slotOf(offset)?.run
      return run && recordAt(run.records, offset)
    },
  }
}

/** An awaited run is known by where it begins; one that has arrived by what it holds. */
function isThere({ from, through }: Slot, position: number): boolean {
  return through === undefined ? from === position : from <= position && position <= through
}

function limitFor(bytesPerRecord: number): number {
  return Math.min(MOST_RECORDS, Math.max(1, Math.ceil(RUN_BYTES / bytesPerRecord)))
}
