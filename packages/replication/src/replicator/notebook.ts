/**
 * Keeps a channel's progress in the log's notes: read once, written at most once a second and at the end of each session. A
 * write that fails because another leader took over is told; any other is tried again with the next one.
 */
import { isHeadwaterError, type Log, type Scheduler } from '@headwater/log'
import { type Epoch, leading } from './epoch.ts'
import { NO_PROGRESS, type Progress, parseProgress, progressToJson } from './progress.ts'

/** How often progress is written, at most. */
const WRITE_EVERY_MS = 1_000

/** The progress of one channel. */
export interface Notebook {
  /** As known now; `NO_PROGRESS` until `load`. */
  readonly progress: Progress
  load(): Promise<void>
  /** Changes it, and writes it soon. */
  note(changes: Partial<Progress>): void
  /** Writes what is not written yet. Errors: `SUPERSEDED` and those of the log. */
  flush(): Promise<void>
  close(): void
}

/** What is noted of a channel, read by whoever does not replicate there. Errors: those of the log. */
export async function readProgress(log: Log, channel: string): Promise<Progress> {
  return parseProgress(await log.notes.get(noteOf(channel)))
}

/** The note that holds a channel's progress. */
export function noteOf(channel: string): string {
  return `replication:${channel}`
}

/** Opens the notebook of a channel. */
export function createNotebook(
  log: Log,
  name: string,
  scheduler: Scheduler,
  epoch: Epoch,
  failed: (error: unknown) => void,
): Notebook {
  let progress = NO_PROGRESS
  let isDirty = false
  let cancel: (() => void) | undefined
  const flush = async (): Promise<void> => {
    cancel?.()
    cancel = undefined
    if (!isDirty) return
    isDirty = false
    try {
      await log.notes.set(name, progressToJson(progress), leading(epoch))
    } catch (error) {
      isDirty = !isHeadwaterError(error, 'SUPERSEDED')
      throw error
    }
  }
  return {
    get progress() {
      return progress
    },
    load: async () => {
      progress = parseProgress(await log.notes.get(name))
    },
    note: (changes) => {
      progress = { ...progress, ...changes }
      isDirty = true
      cancel ??= scheduler.after(WRITE_EVERY_MS, () => void flush().catch(failed))
    },
    flush,
    close: () => {
      cancel?.()
      cancel = undefined
    },
  }
}
