/**
 * What reading the past of a stored log takes: where its last whole commit up to an offset ends, and what does not stand any
 * more. Loaded late, since most pages look at the present alone.
 */
import type { StoredEvent } from '../event.ts'
import type { Offset } from '../identity.ts'
import type { CommitEnd, ReadOptions } from '../log.ts'
import { lastCommitIn } from '../run.ts'
import { rangesUpTo } from '../voids.ts'
import { type ReaderContext, readMarked, recordHolding } from './reader.ts'

/** All events up to an offset that do not stand any more. */
export function readVoidedUpTo(
  context: ReaderContext,
  through: Offset,
  options: ReadOptions,
): Promise<readonly StoredEvent[]> {
  const reading = { ...context.standing(), registry: context.events }
  return readMarked(context, rangesUpTo(reading.voids, through), reading, options)
}

/** The end of the last whole standing commit up to an offset, looked for backwards, record by record. */
export async function findLastCommit(
  context: ReaderContext,
  through: Offset,
): Promise<CommitEnd | undefined> {
  for (let at = Math.min(through, context.head()); at > 0; ) {
    const record = await recordHolding(context, at as Offset)
    const end = record && lastCommitIn(record, through, context.standing().voids)
    if (end) return end
    at = (record?.view.firstOffset ?? at) - 1
  }
  return undefined
}
