/**
 * The commits of an `AppendBatch` as columns: what page and engine agree on, in one place. The page writes them, the engine
 * reads them; neither makes an object a commit for the wire, and all events of a batch are encoded by one call.
 */
import {
  type CheckedDrafts,
  type CommitId,
  type DraftOutline,
  type Durability,
  type EventBody,
  encodeTogether,
  joinBodies,
  type Offset,
  type PackedDrafts,
  type WrittenType,
} from '@headwater/log'
import type { AppendBatch, CallId } from './protocol.ts'

/** How a commit is to be appended, and under which name its end is reported. */
interface AppendOrder {
  readonly id: CallId
  readonly durability: Durability
  /** Set when the commit may have been stored by a worker that died: the head known before the first try. */
  readonly since: Offset | undefined
}

/** A commit to be sent. */
export interface OutgoingAppend extends AppendOrder {
  readonly drafts: CheckedDrafts
  readonly signal: AbortSignal | undefined
}

/** A commit as the engine gets it. */
export interface AppendEntry extends AppendOrder {
  readonly packed: PackedDrafts
  /** Its caller holds a signal: a cancel with this id may come. */
  readonly isAbortable: boolean
}

const ID_LENGTH = 16
/** Of a commit: call id, whether strict, whether abortable, `since` or −1, events. */
const COMMIT_NUMBERS = 5
/** Of an event: the place of its type, the length of its body (UTF-16 units of text, bytes where it is raw). */
const EVENT_NUMBERS = 2

/** The commits as one batch. */
export function packBatch(commits: readonly OutgoingAppend[]): AppendBatch {
  const types = new Map<WrittenType, number>()
  const bodies: EventBody[] = []
  const numbers = new Float64Array(countNumbers(commits))
  let [at, commitIds] = [0, '']
  for (const { id, drafts, durability, since = -1, signal } of commits) {
    commitIds += drafts.commitId
    numbers[at] = id
    numbers[at + 1] = durability === 'strict' ? 1 : 0
    numbers[at + 2] = signal ? 1 : 0
    numbers[at + 3] = since
    numbers[at + 4] = drafts.bodies.length
    at += COMMIT_NUMBERS
    for (let i = 0; i < drafts.bodies.length; i++, at += EVENT_NUMBERS) {
      numbers[at] = placeOf(drafts.types[i]!, types)
      numbers[at + 1] = drafts.bodies[i]!.length
      bodies.push(drafts.bodies[i]!)
    }
  }
  const names = [...types.keys()].map(({ type, version, raw = false }) => ({ type, version, raw }))
  return { commitIds, numbers, types: names, bodies: joinBodies(bodies) }
}

function countNumbers(commits: readonly OutgoingAppend[]): number {
  let count = commits.length * COMMIT_NUMBERS
  for (const { drafts } of commits) count += drafts.bodies.length * EVENT_NUMBERS
  return count
}

function placeOf(type: WrittenType, types: Map<WrittenType, number>): number {
  const known = types.get(type)
  if (known === undefined) types.set(type, types.size)
  return known ?? types.size - 1
}

/** Whether a batch is one commit, as a page at rest sends it. */
export function isOneCommit({ commitIds }: AppendBatch): boolean {
  return commitIds.length === ID_LENGTH
}

/** The commits of a batch, their events encoded together. */
export function unpackBatch(batch: AppendBatch): readonly AppendEntry[] {
  const rows = readRows(batch)
  const packed = encodeTogether(rows, batch.bodies)
  return rows.map(({ id, durability, since, isAbortable }, i) => {
    return { id, durability, since, isAbortable, packed: packed[i]! }
  })
}

interface Row extends AppendOrder, DraftOutline {
  readonly isAbortable: boolean
}

function readRows({ commitIds, numbers, types }: AppendBatch): readonly Row[] {
  const rows: Row[] = []
  for (let at = 0; at < numbers.length; ) {
    const since = numbers[at + 3]!
    const eventsAt = at + COMMIT_NUMBERS
    const end = eventsAt + numbers[at + 4]! * EVENT_NUMBERS
    const from = rows.length * ID_LENGTH
    const row = {
      id: numbers[at]!,
      durability: numbers[at + 1] === 1 ? ('strict' as const) : ('relaxed' as const),
      isAbortable: numbers[at + 2] === 1,
      since: since < 0 ? undefined : (since as Offset),
      commitId: commitIds.slice(from, from + ID_LENGTH) as CommitId, // drawn by `checkDrafts`
      types: [] as WrittenType[],
      lengths: [] as number[],
    }
    for (at = eventsAt; at < end; at += EVENT_NUMBERS) {
      row.types.push(types[numbers[at]!]!)
      row.lengths.push(numbers[at + 1]!)
    }
    rows.push(row)
  }
  return rows
}
