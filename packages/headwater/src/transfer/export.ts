/**
 * The log as text, a run of whole commits at a time. The page asks for run after run, so that nothing is kept between
 * two runs here, a reader that stops costs nothing, and a worker's death is no more than a repeated question. As with syncing,
 * what leaves this device is durable first: what others hold of it must not be written here a second time, otherwise.
 */
import {
  type CommitBatch,
  HeadwaterError,
  isHeadwaterError,
  type Log,
  type Offset,
  parseCommit,
} from '@headwater/log'
import type { ExportRun } from '../protocol.ts'
import { commitToLine } from './commit-line.ts'

const RUN_BYTES = 262_144

/** The commits after `after` as lines. Errors: those of `Log.readCommits`. */
export async function exportRun(log: Log, after: Offset, signal: AbortSignal): Promise<ExportRun> {
  const batch = await log.readCommits(after, { maxBytes: RUN_BYTES, signal })
  if (batch.commits.length > 0) await hardenUpTo(log, batch.through)
  const text = batch.commits.map(({ bytes }) => `${commitToLine(bytes)}\n`).join('')
  return { text, events: countEvents(batch), through: batch.through, done: batch.through <= after }
}

/** Storage that is full or lost takes nothing; it is all the more reason to let the events out. */
async function hardenUpTo(log: Log, offset: Offset): Promise<void> {
  log.hint(offset)
  try {
    await log.harden()
  } catch (error) {
    if (!isHeadwaterError(error)) throw error
  }
}

function countEvents({ commits }: CommitBatch): number {
  return commits.reduce((sum, { bytes }) => {
    const head = parseCommit(bytes)
    if (head instanceof HeadwaterError) throw head
    return sum + head.count
  }, 0)
}
