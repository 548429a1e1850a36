/**
 * Whether syncing is paused, as all tabs and later visits know it: a note in the log, without which it is not.
 */
import type { Log } from '@headwater/log'

const NOTE = 'sync-paused'

/** The reason of the pause, if there is one. Errors: those of the log. */
export async function readPause(log: Log): Promise<string | undefined> {
  const note = await log.notes.get(NOTE)
  return typeof note === 'string' ? note : undefined
}

/** Notes a pause, or its end. Errors: those of the log. */
export function notePause(log: Log, reason: string | undefined): Promise<void> {
  return log.notes.set(NOTE, reason)
}
