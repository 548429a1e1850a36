/**
 * One commit of an `AppendBatch` as a row of numbers: what page and engine agree on, in one place. The page writes rows,
 * the engine reads them; both are a few lines, and neither allocates an object a commit on the wire.
 */
import type { CommitId, Durability, Offset, PackedDrafts } from '@headwater/log'
import type { AppendBatch, CallId } from './protocol.ts'

/** A commit in a batch. */
export interface AppendEntry {
  readonly id: CallId
  readonly packed: PackedDrafts
  readonly durability: Durability
  /** Set when the commit may have been stored by a worker that died: the head known before the first try. */
  readonly since: Offset | undefined
  /** Its caller holds a signal: a cancel with this id may come. */
  readonly isAbortable: boolean
}

const ID_LENGTH = 16
/** Call id, events, bytes, where among them the bodies begin, flags, the head known before the first try or −1. */
const COLUMNS = 6
const STRICT = 1
const ABORTABLE = 2
const FIRST_TRY = -1

/** The commits as one batch. Their own bytes are copied, so that they can be sent again. */
export function packBatch(entries: readonly AppendEntry[]): AppendBatch {
  const bytes = new Uint8Array(entries.reduce((sum, { packed }) => sum + packed.bytes.length, 0))
  const numbers = new Float64Array(entries.length * COLUMNS)
  let commitIds = ''
  let at = 0
  entries.forEach(({ id, packed, durability, since, isAbortable }, row) => {
    const flags = (durability === 'strict' ? STRICT : 0) | (isAbortable ? ABORTABLE : 0)
    const columns = [id, packed.count, packed.bytes.length, packed.bodiesAt, flags, since ?? FIRST_TRY]
    numbers.set(columns, row * COLUMNS)
    commitIds += packed.commitId
    bytes.set(packed.bytes, at)
    at += packed.bytes.length
  })
  return { commitIds, numbers, bytes }
}

/** The commits of a batch; their bytes are views of its buffer. */
export function unpackBatch({ commitIds, numbers, bytes }: AppendBatch): readonly AppendEntry[] {
  const entries: AppendEntry[] = []
  let at = 0
  for (let row = 0; row * COLUMNS < numbers.length; row++) {
    const [id = 0, count = 0, length = 0, bodiesAt = 0, flags = 0, since = FIRST_TRY] = numbers.subarray(
      row * COLUMNS,
      (row + 1) * COLUMNS,
    )
    const commitId = commitIds.slice(row * ID_LENGTH, (row + 1) * ID_LENGTH) as CommitId // drawn by `packDrafts`
    entries.push({
      id,
      packed: { commitId, count, bytes: bytes.subarray(at, at + length), bodiesAt },
      durability: flags & STRICT ? 'strict' : 'relaxed',
      since: since === FIRST_TRY ? undefined : (since as Offset),
      isAbortable: (flags & ABORTABLE) !== 0,
    })
    at += length
  }
  return entries
}
