/**
 * Groups the appends of all connections: while one transaction is on its way to the disk, what arrives waits and is the
 * next one. The queue is bounded (R6); what does not fit is refused at once, and nothing of it is stored.
 */
import { HeadwaterError } from '@headwater/log'
import type { Outcome } from '../store.ts'
import type { QueuedAppend } from './calls.ts'

/** Bytes of commits in one transaction, but at least one append. */
export const MAX_GROUP_BYTES = 4_194_304
/** Bytes of commits that may wait. */
export const MAX_QUEUED_BYTES = 67_108_864

/** The queue. */
export interface AppendGroups {
  /** Resolves when its transaction is durable. Errors: `QUEUE_FULL`, those of `write`. */
  add(append: QueuedAppend): Promise<readonly Outcome[]>
  readonly queuedBytes: () => number
  /** Resolves when nothing waits any more, stored or not. */
  whenEmpty(): Promise<void>
}

interface Entry {
  readonly append: QueuedAppend
  readonly bytes: number
  readonly resolve: (outcomes: readonly Outcome[]) => void
  readonly reject: (error: unknown) => void
}

/** Makes a queue in front of `write`, which stores a group in one transaction. */
export function createAppendGroups(
  write: (group: readonly QueuedAppend[]) => Promise<readonly (readonly Outcome[])[]>,
): AppendGroups {
  const queue: Entry[] = []
  let queuedBytes = 0
  let writing: Promise<void> | undefined
  const writeAll = async (): Promise<void> => {
    while (queue.length > 0) {
      const group = queue.splice(0, groupLength(queue))
      await writeGroup(group, write)
      queuedBytes -= group.reduce((sum, { bytes }) => sum + bytes, 0)
    }
    writing = undefined
  }
  return {
    add: (append) =>
      new Promise((resolve, reject) => {
        const bytes = append.commits.reduce((sum, commit) => sum + commit.bytes.length, 0)
        if (queue.length > 0 && queuedBytes + bytes > MAX_QUEUED_BYTES) return reject(full(queuedBytes))
        queuedBytes += bytes
        queue.push({ append, bytes, resolve, reject })
        writing ??= writeAll()
      }),
    queuedBytes: () => queuedBytes,
    whenEmpty: async () => await writing,
  }
}

async function writeGroup(
  group: readonly Entry[],
  write: (group: readonly QueuedAppend[]) => Promise<readonly (readonly Outcome[])[]>,
): Promise<void> {
  try {
    const outcomes = await write(group.map(({ append }) => append))
    group.forEach(({ resolve }, i) => {
      resolve(outcomes[i]!)
    })
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}

function groupLength(queue: readonly Entry[]): number {
  let bytes = 0
  const end = queue.findIndex((entry, i) => {
    bytes += entry.bytes
    return i > 0 && bytes > MAX_GROUP_BYTES
  })
  return end === -1 ? queue.length : end
}

function full(queuedBytes: number): HeadwaterError {
  return new HeadwaterError('QUEUE_FULL', 'More commits wait for the hub’s disk than it holds.', {
    hint: 'Send them again a little later; the disk is slower than what arrives.',
    facts: { queuedBytes, maxQueuedBytes: MAX_QUEUED_BYTES },
  })
}
