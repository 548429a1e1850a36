/**
 * Gathers what the hub only notes: how far replicas acknowledged, and how far it is with the streams of senders. Of each the
 * newest counts. It is written once a second in one transaction, because losing a second of it costs time, never a commit.
 */
import type { Scheduler } from '@headwater/log'
import type { ResumeToken, StreamId } from '@headwater/replication'
import type { SeenReplica } from '../store.ts'

/** A replica that acknowledged, or a stream that was dealt with. */
export type Note =
  | { readonly type: 'seen'; readonly workspace: string; readonly seen: SeenReplica }
  | { readonly type: 'stream'; readonly workspace: string; readonly token: ResumeToken }

/** What is gathered. */
export interface GatheredNotes {
  add(note: Note): void
  /** The token of a stream, if it is gathered and not handed on yet. */
  find(workspace: string, stream: StreamId): ResumeToken | undefined
  /** Writes what is gathered now. */
  flush(): Promise<void>
  /** No timer runs any more. */
  stop(): void
}

const GATHER_MS = 1_000

/** Starts gathering in front of `write`. */
export function createGatheredNotes(
  write: (notes: readonly Note[]) => Promise<void>,
  scheduler: Scheduler,
): GatheredNotes {
  let gathered = new Map<string, Note>()
  let cancel: (() => void) | undefined
  let writing: Promise<void> = Promise.resolve()
  const stop = (): void => {
    cancel?.()
    cancel = undefined
  }
  const flush = (): Promise<void> => {
    stop()
    const notes = [...gathered.values()]
    gathered = new Map()
    if (notes.length > 0) writing = write(notes)
    return writing
  }
  return {
    add(note) {
      gathered.set(keyOf(note), note)
      cancel ??= scheduler.after(GATHER_MS, () => {
        flush().catch(() => {
          // The store is closed or broken, which every append says; this only informs.
        })
      })
    },
    find(workspace, stream) {
      const note = gathered.get(`stream ${workspace}\n${stream}`)
      return note?.type === 'stream' ? note.token : undefined
    },
    flush,
    stop,
  }
}

function keyOf(note: Note): string {
  return `${note.type} ${note.workspace}\n${note.type === 'seen' ? note.seen.replica : note.token.stream}`
}
