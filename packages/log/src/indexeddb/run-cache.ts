/**
 * The runs of records that were read last, at most three: the one that is being decoded and the two that come next. The
 * second of these is asked for when the first has arrived. A run arrives in several turns of the reader's thread, which is
 * busy with decoding: one ahead was still on its way half of the times. A run's number of records follows the size of those
 * seen, to make about 1 MiB.
 */
import type { OpenRecord } from '../decode.ts'
import type { Offset } from '../identity.ts'
import { recordAt } from '../run.ts'
import { type Connection, withConnection } from './connection.ts'
import { fetchRun, type Run } from './fetch.ts'

/** About how many bytes a run has. */
export const RUN_BYTES = 1_048_576
/** Runs asked for ahead of the one that is read. */
const RUNS_AHEAD = 2
/** Records of the first run, when nothing is known of their size yet, and the most of any run. */
const FIRST_LIMIT = 4
const MOST_RECORDS = 512

/** Runs by position. */
export interface RunCache {
  /** The run that begins at, or contains, `position`. */
  readonly runFrom: (position: number) => Promise<Run>
  /** The record that holds `offset`, when a run at hand does. */
  readonly recordAtHand: (offset: Offset) => Promise<OpenRecord | undefined>
  /** A run that is read past all others and not kept; `limit` is how many records behind `position` are worth reading. */
  readonly passingRun: (position: number, limit?: number) => Promise<Run>
}

/** A run that was asked for; `arrived` is set once it has. */
interface Slot {
  readonly from: number
  readonly run: Promise<Run>
  arrived?: Run
}

/** Creates an empty cache; `head` says how far there is anything to read. */
export function createRunCache(
  connection: Connection,
  keyRange: typeof IDBKeyRange,
  head: () => Offset,
): RunCache {
  let slots: Slot[] = []
  let limit = FIRST_LIMIT
  let reading = 0

  const passingRun = (position: number, most = limit): Promise<Run> =>
    withConnection(connection, (database) => fetchRun(database, position, most, keyRange))
  const ask = (from: number): Slot => {
    const slot: Slot = { from, run: passingRun(from) }
    slots = [...slots.slice(-RUNS_AHEAD), slot]
    slot.run.then(
      (run) => {
        slot.arrived = run
        if (run.records.length > 0) limit = limitFor(run.bytes / run.records.length)
        askAhead()
      },
      () => {
        slots = slots.filter((other) => other !== slot)
      },
    )
    return slot
  }
  const slotOf = (position: number): Slot | undefined => slots.find((slot) => isThere(slot, position))
  /** Asks for what follows the run that is read, each run when the one before it has arrived. */
  const askAhead = (): void => {
    let last = slotOf(reading)
    for (let ahead = 0; ahead < RUNS_AHEAD && last?.arrived; ahead++) {
      const { isLast, damage, through } = last.arrived
      if (isLast || damage || through >= head()) return
      last = slots.find(({ from }) => from === through + 1) ?? ask(through + 1)
    }
  }
  return {
    passingRun,
    runFrom: async (position) => {
      reading = position
      const { run } = slotOf(position) ?? ask(position)
      askAhead()
      return run
    },
    recordAtHand: async (offset) => {
      const run = await slotOf(offset)?.run
      return run && recordAt(run.records, offset)
    },
  }
}

/** An awaited run is known by where it begins; one that has arrived by what it holds. */
function isThere({ from, arrived }: Slot, position: number): boolean {
  return arrived === undefined ? from === position : from <= position && position <= arrived.through
}

function limitFor(bytesPerRecord: number): number {
  return Math.min(MOST_RECORDS, Math.max(1, Math.ceil(RUN_BYTES / bytesPerRecord)))
}
