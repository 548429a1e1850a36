/**
 * The log as text, a run of whole commits at a time. The page asks for run after run, so that nothing is kept between
 * two runs here, a reader that stops costs nothing, and a worker's death is no more than a repeated question.
 */
import { type CommitBatch, HeadwaterError, type Log, type Offset, parseCommit } from '@headwater/log'
import type { ExportRun } from '../protocol.ts'
import { commitToLine } from './commit-line.ts'

const RUN_BYTES = 262_144

/** The commits after `after` as lines. Errors: those of `Log.readCommits`. */
export async function exportRun(log: Log, after: Offset, signal: AbortSignal): Promise<ExportRun> {
  const batch = await log.readCommits(after, { maxBytes: RUN_BYTES, signal })
  const text = batch.commits.map(({ bytes }) => `${commitToLine(bytes)}\n`).join('')
  return { text, events: countEvents(batch), through: batch.through, done: batch.through <= after }
}

function countEvents({ commits }: CommitBatch): number {
  return commits.reduce((sum, { bytes }) => {
    const head = parseCommit(bytes)
    if (head instanceof HeadwaterError) throw head
    return sum + head.count
  }, 0)
}
