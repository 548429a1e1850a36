/**
 * Stores an import's commits in bounded batches and counts what became of their events. Commits that the version vector
 * covers are not sent again where they are a function of the file: that the digest is equal says that they are.
 */
import {
  type ErrorCode,
  type ErrorData,
  errorToData,
  isHeadwaterError,
  type Log,
  type ReplicaId,
  type VersionVector,
} from '@headwater/log'
import type { DerivedCommit } from './derived-commits.ts'
import { lineFault } from './foreign-line.ts'

/** What an import stored so far. */
export interface MergeCounts {
  readonly imported: number
  readonly duplicates: number
  /** Commits of an export that the log refused, by line. */
  readonly refused: readonly { readonly line: number; readonly error: ErrorData }[]
}

/** Takes commits in the order of the file. A promise is given where the caller must wait for the store. */
export interface Merger {
  readonly addOwn: (bytes: Uint8Array, line: number) => Promise<void> | undefined
  readonly addDerived: (replica: ReplicaId, commit: DerivedCommit, line: number) => Promise<void> | undefined
  readonly end: () => Promise<void>
  readonly counts: () => MergeCounts
}

/** What it is given. */
export interface MergerOptions {
  readonly log: Log
  readonly onFault: 'stop' | 'skip'
  readonly signal: AbortSignal
}

const BATCH_COMMITS = 256
const BATCH_BYTES = 1_048_576

interface Waiting {
  readonly bytes: Uint8Array
  readonly line: number
  /** Marks of skipped lines in it, which are no imported events. */
  readonly marks: number
}

/** A merger into `log`, which holds `vector`. */
export function createMerger({ log, onFault, signal }: MergerOptions, vector: VersionVector): Merger {
  let waiting: Waiting[] = []
  let waitingBytes = 0
  let imported = 0
  let duplicates = 0
  const refused: { line: number; error: ErrorData }[] = []

  const merge = async (batch: readonly Waiting[]): Promise<void> => {
    const bytes = batch.map((commit) => commit.bytes)
    const result = await log.merge(bytes, { signal })
    const marks = batch.reduce((sum, commit) => sum + commit.marks, 0)
    imported += Math.max(0, result.merged - marks)
    duplicates += result.duplicates
  }
  const mergeOrSkip = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await merge(batch)
    } catch (error) {
      if (onFault === 'stop' || !isRefusal(error)) throw error
      if (batch.length > 1) for (const commit of batch) await mergeOrSkip([commit])
      else refuse(batch, error)
    }
  }
  const refuse = ([commit]: readonly Waiting[], cause: Error): void => {
    const line = commit?.line ?? 0
    refused.push({ line, error: errorToData(lineFault({ number: line }, cause.message, cause)) })
  }
  const flush = (): Promise<void> => {
    const batch = waiting
    waiting = []
    waitingBytes = 0
    return batch.length > 0 ? mergeOrSkip(batch) : Promise.resolve()
  }
  const add = (commit: Waiting): Promise<void> | undefined => {
    waiting.push(commit)
    waitingBytes += commit.bytes.length
    return waiting.length >= BATCH_COMMITS || waitingBytes >= BATCH_BYTES ? flush() : undefined
  }
  return {
    addOwn: (bytes, line) => add({ bytes, line, marks: 0 }),
    addDerived: (replica, commit, line) => {
      if (!vector.covers(replica, commit.lastSequence)) {
        return add({ bytes: commit.bytes, line, marks: commit.count - commit.taken })
      }
      duplicates += commit.taken
      return undefined
    },
    end: flush,
    counts: () => ({ imported, duplicates, refused }),
  }
}

const REFUSALS: readonly ErrorCode[] = [
  'FORK',
  'SEQUENCE_GAP',
  'COMMIT_DAMAGED',
  'STAMP_AHEAD',
  'FORMAT_NEWER',
]

function isRefusal(error: unknown): error is Error {
  return isHeadwaterError(error) && REFUSALS.includes(error.code)
}
