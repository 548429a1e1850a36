/**
 * A document that is open in this tab: a `Y.Doc` that is kept up to date with the log, and whose changes go into the log.
 * It ends with the last of its handles.
 */
import type { Receipt } from '@headwater/log'
import type { DocumentsDefinition } from '@headwater/views'
import { cutUpdate, type DocumentChanges } from '@headwater/views/documents'
import * as Y from 'yjs'
import { canonicalText } from '../canonical.ts'
import type { AskHow, QuerySource } from '../client/face.ts'
import type { Powers } from '../seams.ts'
import type { OpenDocument } from './document-handle.ts'
import { createLogged, type Logged } from './logged.ts'
import { createOutgoing, type Outgoing, type OutgoingNeeds } from './outgoing.ts'

/** What open documents need of their database. */
export interface DocumentHost {
  readonly source: QuerySource
  readonly append: OutgoingNeeds['append']
  readonly powers: Powers
}

/** An open document, before it is handed out. */
export interface LiveDocument {
  /** Resolves once it holds what the log held when it was opened. */
  readonly ready: Promise<void>
  handle(): OpenDocument
  readonly flush: () => Promise<Receipt | undefined>
}

/** Begins to hold a document open; `ended` is told when the last handle is gone. */
export function openLiveDocument(
  host: DocumentHost,
  view: DocumentsDefinition,
  id: string,
  how: AskHow,
  ended: () => void,
): LiveDocument {
  const { source, powers } = host
  const fromLog = Symbol('from the log')
  const doc = new Y.Doc({ guid: id })
  doc.clientID = drawClient(powers)
  const logged = createLogged()
  const outgoing = createOutgoing({
    ...powers,
    append: host.append,
    lacking: logged.lacking,
    stored: logged.note,
    draftsOf: (update) => cutUpdate(id, update, powers.random).map((body) => view.event(body)),
  })
  let handles = 0
  let isOver = false
  const follower = createFollower(source, view, id, (changes, had) => {
    if (!isOver) takeChanges({ doc, fromLog, logged, outgoing }, changes, had)
  })
  const ready = follower.pull(how).then(() => {
    if (isOver) return
    doc.on('update', (update: Uint8Array, origin: unknown, _doc: Y.Doc, { local }: Y.Transaction) => {
      if (origin !== fromLog) outgoing.add(update, local)
    })
    follower.start()
  })
  const end = (): void => {
    isOver = true
    follower.stop()
    outgoing.stop()
    doc.destroy()
    ended()
  }
  ready.catch(end) // whoever opens it hears of it
  const release = async (): Promise<void> => {
    await outgoing.flush()
    handles--
    if (handles === 0 && !isOver) end()
  }
  return {
    ready,
    flush: outgoing.flush,
    handle: () => {
      handles++
      return createHandle(id, doc, outgoing, release)
    },
  }
}

/** What the one who follows the log had of a document when it was given changes. */
type Had = 'nothing' | 'some' | 'what was taken back'

/** Brings an open document up to date. */
function takeChanges(
  {
    doc,
    fromLog,
    logged,
    outgoing,
  }: {
    readonly doc: Y.Doc
    readonly fromLog: symbol
    readonly logged: Logged
    readonly outgoing: Outgoing
  },
  { updates }: DocumentChanges,
  had: Had,
): void {
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update, fromLog)
  }, fromLog)
  if (had === 'nothing') {
    logged.noteDocument(doc)
    return
  }
  if (had === 'what was taken back') logged.forget()
  for (const update of updates) logged.note(update)
  if (had === 'some') return
  // What people see here stays, and what they type on top of it must not wait for what nobody else has: it is stored anew, in a
  // while, since mostly a commit that replaces the voided one brings it again at once.
  const taken = logged.lacking(Y.encodeStateAsUpdate(doc))
  if (taken) outgoing.add(taken, false)
}

/** Fetches what is new in the log, whenever there is something. */
function createFollower(
  source: QuerySource,
  view: DocumentsDefinition,
  id: string,
  take: (changes: DocumentChanges, had: Had) => void,
): { pull(how: AskHow): Promise<void>; start(): void; stop(): void } {
  let through = -1
  let taken = 0
  let stop = (): void => undefined
  const pull = async (how: AskHow): Promise<void> => {
    const request = { view: view.name, method: 'changes', args: [id, through, taken] }
    const changes = (await source.ask(request, how)) as DocumentChanges // what `changes` answers
    const isTaken = changes.taken !== taken
    take(changes, through < 0 ? 'nothing' : isTaken ? 'what was taken back' : 'some')
    through = changes.through
    taken = changes.taken
  }
  const figures = { view: view.name, method: 'figures', args: [id] }
  const key = canonicalText([figures.view, figures.method, figures.args])
  return {
    pull,
    start: () => {
      stop = source.subscribe(
        key,
        figures,
        createOneAtATime(() => pull(NO_WISHES)),
      )
    },
    stop: () => stop(),
  }
}

const NO_WISHES: AskHow = { atLeast: undefined, deadlineMs: undefined, signal: undefined }

function createHandle(
  id: string,
  doc: Y.Doc,
  outgoing: Pick<ReturnType<typeof createOutgoing>, 'flush' | 'error'>,
  release: () => Promise<void>,
): OpenDocument {
  let closing: Promise<void> | undefined
  return {
    id,
    doc,
    get error() {
      return outgoing.error
    },
    flush: outgoing.flush,
    close: () => {
      closing ??= release().catch((error: unknown) => {
        closing = undefined
        throw error
      })
      return closing
    },
  }
}

/** A client id that no other has, and that is never stored: two tabs of one profile are two clients. */
function drawClient({ random }: Powers): number {
  const bytes = random.bytes(4)
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) || 1
}

/** Runs an act at a time, once more when it was called meanwhile. What it is refused is asked for at the next call. */
function createOneAtATime(act: () => Promise<void>): () => void {
  let calls = 0
  const run = async (): Promise<void> => {
    for (let done = 0; done < calls; ) {
      done = calls
      await act().catch(() => undefined)
    }
    calls = 0
  }
  return () => {
    if (++calls === 1) void run()
  }
}
