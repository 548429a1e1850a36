/**
 * The workspace that a log belongs to, kept in its notes: the one that it was first opened for, from before its first hello on, or
 * that of the first peer which answered it. One database for each account: what was written for one workspace is never taken into
 * another, whoever is signed in, also when no hub was to be reached meanwhile. Only a name that a hub refuses binds nothing, so
 * that it can be mended.
 */
import { HeadwaterError, type Log } from '@headwater/log'
import { peerError } from '../codes.ts'
import { type Epoch, leading } from './epoch.ts'
import { tellRevision } from './revisions.ts'

const BOUND = 'workspace'
const WANTED = 'workspace-wanted'
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

/**
 * The workspace that a log names in its hello, empty for none; it is noted that it was wanted. Refuses with
 * `WORKSPACE_MISMATCH` when it is bound to another, or was first opened for one.
 */
export async function chooseWorkspace(log: Log, wanted: string, epoch: Epoch): Promise<string> {
  const known = (await readNote(log, BOUND)) || (await readNote(log, WANTED))
  const agreed = agreeOn(known, wanted)
  if (agreed !== known) await log.notes.set(WANTED, agreed, leading(epoch))
  return agreed
}

/** A hub does not let the log into what it wants, so that it may want another; one that was let in before stays bound. */
export async function forgetWanted(log: Log, epoch: Epoch): Promise<void> {
  await log.notes.set(WANTED, undefined, leading(epoch))
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
  const bound = await readNote(log, BOUND)
  if (bound !== '' && agreed === '')
    throw peerError('FORK', 'This log was bound to a workspace; both sides compare anew.')
  if (agreeOn(bound, agreed) !== bound) {
    await log.notes.set(BOUND, agreed, leading(epoch))
    tellRevision(log) // peers that were told of none must hear of it before they are sent more
  }
  return agreed
}

async function readNote(log: Log, name: string): Promise<string> {
  const note = await log.notes.get(name)
  return typeof note === 'string' ? note : ''
}

/** Where one side has none, that of the other. */
function agreeOn(ours: string, other: string): string {
  if (ours === '' || other === '' || ours === other) return ours || other
  const sentence = `This log belongs to workspace "${ours}", not to "${other}".`
  throw peerError('WORKSPACE_MISMATCH', sentence, { bound: ours, other })
}
