/**
 * The workspace that a log belongs to: that of the first peer which answered it, kept in the log's notes before anything but
 * the two hellos is said. One database for each account: a log that met one workspace is never taken into another, whoever
 * is signed in. A name that no hub has taken binds nothing, so that it can be mended.
 */
import { HeadwaterError, type Log } from '@headwater/log'
import { peerError } from '../codes.ts'
import { type Epoch, leading } from './epoch.ts'
import { tellRevision } from './revisions.ts'

const NOTE = 'workspace'
const NAME = /^[\w.:@+~-][\w.:@+~/-]{0,127}$/

/** Whether a hub has workspaces of such a name: 1 to 128 letters, digits and `_ . : @ + ~ - /`, not beginning with `/`. */
export function isWorkspaceName(text: string): boolean {
  return NAME.test(text)
}

/** The refusal of a name that no workspace can have. */
export function noSuchWorkspace(text: string): HeadwaterError {
  return new HeadwaterError(
    'FORBIDDEN',
    `No workspace can be called "${text}": a name is 1 to 128 ASCII letters, digits and _ . : @ + ~ - /, and begins with no slash.`,
    { hint: 'Connect with another `workspace`.' },
  )
}

/** The workspace that a log names in its hello, empty for none. Refuses with `WORKSPACE_MISMATCH` when it is bound to another. */
export async function chooseWorkspace(log: Log, wanted: string): Promise<string> {
  return agreeOn(await readWorkspace(log), wanted)
}

/** The two workspaces of two hellos, ours and the peer's; empty for none. */
interface Workspaces {
  readonly ours: string
  readonly theirs: string
}

/** One after another: of two peers that answer at once the later finds what the first has bound. */
const turns = new WeakMap<Log, Promise<unknown>>()

/**
 * Binds the log to the workspace of a peer that answered, or to ours when the peer has none; resolves with its name, empty
 * where neither has one. Errors: `WORKSPACE_MISMATCH`; `FORK` when the log was bound since it said that it has none.
 */
export function bindWorkspace(log: Log, met: Workspaces, epoch: Epoch): Promise<string> {
  const turn = (turns.get(log) ?? Promise.resolve()).then(() => bind(log, met, epoch))
  turns.set(
    log,
    turn.catch(() => undefined),
  )
  return turn
}

async function bind(log: Log, { ours, theirs }: Workspaces, epoch: Epoch): Promise<string> {
  const agreed = agreeOn(ours, theirs)
  const bound = await readWorkspace(log)
  if (bound !== '' && agreed === '')
    throw peerError('FORK', 'This log was bound to a workspace; both sides compare anew.')
  if (agreeOn(bound, agreed) !== bound) {
    await log.notes.set(NOTE, agreed, leading(epoch))
    tellRevision(log) // peers that were told of none must hear of it before they are sent more
  }
  return agreed
}

async function readWorkspace(log: Log): Promise<string> {
  const note = await log.notes.get(NOTE)
  return typeof note === 'string' ? note : ''
}

/** Where one side has none, that of the other. */
function agreeOn(ours: string, other: string): string {
  if (ours === '' || other === '' || ours === other) return ours || other
  const sentence = `This log belongs to workspace "${ours}", not to "${other}".`
  throw peerError('WORKSPACE_MISMATCH', sentence, { bound: ours, other })
}
