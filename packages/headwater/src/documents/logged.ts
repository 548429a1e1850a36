/**
 * What the log holds of a document, as far as this tab knows: how far each client's insertions, and which deletions. What comes
 * into an open document from elsewhere (typing, a bridge to other peers) is stored only as far as it is not in there, so that
 * two tabs that are bridged with each other do not store each other's echo for ever.
 */
import * as Y from 'yjs'

/** A run of deleted clocks of a client. */
interface Run {
  readonly clock: number
  readonly len: number
}

/** What is held. */
export interface Logged {
  /** Takes all that a document holds now. */
  noteDocument(doc: Y.Doc): void
  /** Forgets all: what follows is everything that the log holds. */
  forget(): void
  /** Takes an update that the log holds. */
  readonly note: (update: Uint8Array) => void
  /** The part of an update that is not held; nothing where all of it is. */
  readonly lacking: (update: Uint8Array) => Uint8Array | undefined
}

/** Nothing held yet. */
export function createLogged(): Logged {
  const vector = new Map<number, number>()
  const deleted = new Map<number, readonly Run[]>()
  const advance = (client: number, clock: number): void => {
    if (clock > (vector.get(client) ?? 0)) vector.set(client, clock)
  }
  const addDeleted = (clients: ReadonlyMap<number, readonly Run[]>): void => {
    for (const [client, runs] of clients) deleted.set(client, joinRuns(deleted.get(client), runs))
  }
  return {
    noteDocument(doc) {
      for (const client of doc.store.clients.keys()) advance(client, Y.getState(doc.store, client))
      addDeleted(Y.createDeleteSetFromStructStore(doc.store).clients)
    },
    forget() {
      vector.clear()
      deleted.clear()
    },
    note(update) {
      for (const [client, clock] of Y.parseUpdateMeta(update).to) advance(client, clock)
      addDeleted(Y.decodeUpdate(update).ds.clients)
    },
    lacking(update) {
      const clients = Y.parseUpdateMeta(update).to.keys()
      const held = new Map([...clients].map((client) => [client, vector.get(client) ?? 0] as const))
      const rest = Y.diffUpdate(update, Y.encodeStateVector(held))
      const { structs, ds } = Y.decodeUpdate(rest)
      const isNew = structs.some((struct) => !(struct instanceof Y.Skip))
      const deletes = [...ds.clients].some(([client, runs]) => !areHeld(deleted.get(client), runs))
      return isNew || deletes ? rest : undefined
    },
  }
}

/** Both as ascending runs that neither touch nor overlap. */
function joinRuns(held: readonly Run[] = [], more: readonly Run[]): readonly Run[] {
  const joined: { clock: number; len: number }[] = []
  for (const { clock, len } of [...held, ...more].sort((a, b) => a.clock - b.clock)) {
    const last = joined.at(-1)
    if (last && clock <= last.clock + last.len) last.len = Math.max(last.len, clock + len - last.clock)
    else joined.push({ clock, len })
  }
  return joined
}

function areHeld(held: readonly Run[] = [], wanted: readonly Run[]): boolean {
  return wanted.every(({ clock, len }) =>
    held.some((run) => run.clock <= clock && run.clock + run.len >= clock + len),
  )
}
