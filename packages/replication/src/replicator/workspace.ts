/**
 * The workspace that a log belongs to: the one of its first hello, kept in the log's notes. One database for each account: a
 * log that met one workspace is never taken into another, whoever is signed in.
 */
import { HeadwaterError, type Log } from '@headwater/log'

const NOTE = 'workspace'
const NAME = /^[\w.:@+~-][\w.:@+~/-]{0,127}$/

/** Whether a hub has workspaces of such a name: 1 to 128 letters, digits and `_ . : @ + ~ - /`, not beginning with `/`. */
export function isWorkspaceName(text: string): boolean {
  return NAME.test(text)
}

/** The refusal of a name that no workspace can have. */
export function noSuchWorkspace(text: string): HeadwaterError {
  const shown = text.length > 128 ? `${text.slice(0, 127)}…` : text
  return new HeadwaterError(
    'FORBIDDEN',
    `No workspace can be called "${shown}": a name is 1 to 128 ASCII letters, digits and _ . : @ + ~ - /, and begins with no slash.`,
    { hint: 'Connect with another `workspace`.' },
  )
}

/** The workspace that the log is bound to; empty while it is bound to none. */
export async function readWorkspace(log: Log): Promise<string> {
  const note = await log.notes.get(NOTE)
  return typeof note === 'string' ? note : ''
}

/** Binds the log to a workspace, or refuses with `WORKSPACE_MISMATCH` when it is bound to another. */
export async function bindWorkspace(log: Log, workspace: string, epoch: number | undefined): Promise<void> {
  const bound = await readWorkspace(log)
  if (bound === workspace || workspace === '') return
  if (bound !== '') throw mismatch(bound, workspace)
  await log.notes.set(NOTE, workspace, epoch === undefined ? {} : { epoch })
}

function mismatch(bound: string, other: string): HeadwaterError {
  return new HeadwaterError(
    'WORKSPACE_MISMATCH',
    `This log belongs to workspace "${bound}", not to "${other}".`,
    {
      hint: 'Open the database that belongs to this workspace: one database for each account.',
      facts: { bound, other },
    },
  )
}
