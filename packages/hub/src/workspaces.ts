/**
 * The workspaces that somebody is connected to: where each one ends, who listens, and its newest commits in memory. All
 * appends of this process go through here, so that listeners hear of what was stored, after it was.
 */
import type { Position } from '@headwater/replication'
import type { AppendContext, HubRun, HubStore, OfferedCommit, Outcome, ReadBounds } from './store/store.ts'
import { createTail } from './tail.ts'

/** A commit with its place in its replica, as a session parsed it. */
export type ParsedCommit = OfferedCommit &
  Pick<HubRun['commits'][number], 'replica' | 'firstSequence' | 'lastSequence'>

/** A workspace in use. */
export interface LiveWorkspace {
  readonly name: string
  /** The last position that is stored. No I/O. */
  readonly head: Position
  append(commits: readonly ParsedCommit[], context: AppendContext): Promise<readonly Outcome[]>
  read(after: Position, bounds: ReadBounds): Promise<HubRun>
  /** Calls back after something was stored. */
  subscribe(listener: () => void): () => void
}

/** The workspaces in use. */
export interface Workspaces {
  readonly size: number
  /** Opens a workspace or joins those who have it open; `leave` once for each. */
  enter(name: string): Promise<LiveWorkspace>
  leave(workspace: LiveWorkspace): void
}

interface Entry {
  readonly opening: Promise<LiveWorkspace>
  guests: number
}

/** Workspaces over a store. */
export function createWorkspaces(store: HubStore): Workspaces {
  const entries = new Map<string, Entry>()
  const leave = (name: string): void => {
    const entry = entries.get(name)
    if (entry && --entry.guests === 0) entries.delete(name)
  }
  return {
    get size() {
      return entries.size
    },
    async enter(name) {
      const entry = entries.get(name) ?? { opening: openWorkspace(name, store), guests: 0 }
      entries.set(name, entry)
      entry.guests++
      try {
        return await entry.opening
      } catch (cause) {
        leave(name)
        throw cause
      }
    },
    leave: ({ name }) => leave(name),
  }
}

async function openWorkspace(name: string, store: HubStore): Promise<LiveWorkspace> {
  const tail = createTail()
  const listeners = new Set<() => void>()
  let head = await store.head(name)
  const keep = (commit: ParsedCommit, outcome: Outcome): void => {
    if (outcome.type !== 'stored') return
    const { position, rolling, envelope, isVoiding } = outcome.placed
    if (isVoiding) tail.clear()
    const { replica, firstSequence, lastSequence, bytes, previous } = commit
    tail.add({ position, replica, firstSequence, lastSequence, bytes, previous, envelope, rolling })
    if (position > head) head = position
  }
  return {
    name,
    get head() {
      return head
    },
    async append(commits, context) {
      const outcomes = await store.append(name, commits, context)
      const before = head
      outcomes.forEach((outcome, i) => {
        keep(commits[i]!, outcome)
      })
      if (head > before) for (const listener of listeners) listener()
      return outcomes
    },
    read: async (after, bounds) => tail.read(after, bounds) ?? (await store.read(name, after, bounds)),
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
