/**
 * One commit of an `AppendBatch` as a row of numbers: what page and engine agree on, in one place. The page writes rows,
 * the engine reads them; both are a few lines, and neither allocates an object a commit on the wire.
 */
import type { CommitId, Durability, Offset, PackedDrafts } from '@headwater/log'
import type { AppendBatch, CallId } from './protocol.ts'

/** A commit to be sent. */
export interface OutgoingAppend {
  readonly id: CallId
  readonly packed: PackedDrafts
  readonly durability: Durability
  /** Set when the commit may have been stored by a worker that died: the head known before the first try. */
  readonly since: Offset | undefined
  readonly signal: AbortSignal | undefined
}

/** A commit as the engine gets it. */
export interface AppendEntry extends Omit<OutgoingAppend, 'signal'> {
  /** Its caller holds a signal: a cancel with this id may come. */
  readonly isAbortable: boolean
}

const ID_LENGTH = 16
/** Call id, events, bytes, where among them the bodies begin, whether strict, whether abortable, `since` or −1. */
const COLUMNS = 7

/** The commits as one batch. Their own bytes are copied, so that they can be sent again. */
export function packBatch(commits: readonly OutgoingAppend[]): AppendBatch {
  const bytes = new Uint8Array(commits.reduce((sum, { packed }) => sum + packed.bytes.length, 0))
  const numbers = new Float64Array(commits.length * COLUMNS)
  let commitIds = ''
  let at = 0
  commits.forEach(({ id, packed, durability, since = -1, signal }, row) => {
    const { length } = packed.bytes
    const strict = durability === 'strict'
    numbers.set([id, packed.count, length, packed.bodiesAt, +strict, +!!signal, since], row * COLUMNS)
    commitIds += packed.commitId
    bytes.set(packed.bytes, at)
    at += length
  })
  return { commitIds, numbers, bytes }
}

/** The commits of a batch; their bytes are views of its buffer. */
export function unpackBatch({ commitIds, numbers, bytes }: AppendBatch): readonly AppendEntry[] {
  const entries: AppendEntry[] = []
  let at = 0
  for (let row = 0; row * COLUMNS < numbers.length; row++) {
    const columns = numbers.subarray(row * COLUMNS, (row + 1) * COLUMNS)
    const [id = 0, count = 0, length = 0, bodiesAt = 0, isStrict, isAbortable, since = -1] = columns
    const commitId = commitIds.slice(row * ID_LENGTH, (row + 1) * ID_LENGTH) as CommitId // drawn by `packDrafts`
    entries.push({
      id,
      packed: { commitId, count, bytes: bytes.subarray(at, at + length), bodiesAt },
      durability: isStrict === 1 ? 'strict' : 'relaxed',
      since: since < 0 ? undefined : (since as Offset),
      isAbortable: isAbortable === 1,
    })
    at += length
  }
  return entries
}
