/**
 * The newest commits of a workspace in memory, so that sessions that are up to date read what was just stored without asking
 * the database. A cache and nothing more: bounded, and empty whenever it is not sure.
 */
import type { Position } from '@headwater/replication'
import { type HubCommit, type HubRun, type ReadBounds, START } from './store/store.ts'

/** A commit with the rolling hash after it. */
export interface TailCommit extends HubCommit {
  readonly rolling: Uint8Array
}

/** The newest commits. */
export interface Tail {
  /** Takes the commit behind the last one; one at another position empties the tail first. */
  add(commit: TailCommit): void
  clear(): void
  /** What lies behind `after`; undefined when the tail does not reach back so far. */
  read(after: Position, bounds: ReadBounds): HubRun | undefined
}

/** Bytes and commits that a tail holds, at most. */
export const TAIL_BYTES = 65_536
export const TAIL_COMMITS = 256

/** Makes an empty tail. */
export function createTail(): Tail {
  let commits: TailCommit[] = []
  let bytes = 0
  const clear = (): void => {
    commits = []
    bytes = 0
  }
  const drop = (): void => {
    bytes -= commits.shift()?.bytes.length ?? 0
  }
  return {
    add(commit) {
      const last = commits.at(-1)
      if (last && last.position + 1 !== commit.position) clear()
      commits.push(alone(commit))
      bytes += commit.bytes.length
      // The last one stays: it says where the tail ends, also when it is large.
      while (commits.length > 1 && (bytes > TAIL_BYTES || commits.length > TAIL_COMMITS)) drop()
    },
    clear,
    read(after, bounds) {
      const first = commits[0]
      const isReached =
        first !== undefined && after >= first.position - 1 && after < (commits.at(-1)?.position ?? START)
      return isReached ? readRun(commits.slice(after - first.position + 1), bounds) : undefined
    },
  }
}

/** Bytes that were cut out of a frame would keep the whole frame in memory. */
function alone(commit: TailCommit): TailCommit {
  return { ...commit, bytes: commit.bytes.slice(), previous: commit.previous.slice() }
}

function readRun(behind: readonly TailCommit[], { maxBytes, lacks = () => true }: ReadBounds): HubRun {
  const commits: HubCommit[] = []
  let bytes = 0
  let last: TailCommit | undefined
  for (const commit of behind) {
    if (lacks(commit.replica, commit.lastSequence)) {
      if (commits.length > 0 && bytes + commit.bytes.length > maxBytes) break
      commits.push(alone(commit))
      bytes += commit.bytes.length
    }
    last = commit
  }
  const { position, rolling } = last ?? behind[0]! // the caller read behind an earlier position than the last
  return { commits, through: position, rolling, isEnd: last === behind.at(-1) }
}
