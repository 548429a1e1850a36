/**
 * Yjs as the fold uses it: documents that only merge. What an update needs that is not there yet is not left inside Yjs, but
 * told to the caller, who keeps the whole update: so it is known which updates wait, and who is to blame when one that waited
 * throws. A merging document never writes: it must not clean up formatting either, as Yjs does after a remote change, for
 * what it would delete depends on the order of arrival, and nobody would ever be told of it (V3).
 */
import * as Y from 'yjs'

/** What an update did. */
export interface Merged {
  /** Whether the document differs from before. */
  readonly changed: boolean
  /** What it waits for: the update has to be merged again once one of these clients is beyond its clock. */
  readonly missing: ReadonlyMap<number, number> | undefined
}

/** An empty document that merges. */
export function createMergingDocument(id: string): Y.Doc {
  const doc = new Y.Doc({ guid: id })
  doc.clientID = 0
  doc.on('beforeObserverCalls', (transaction: Y.Transaction) => {
    transaction.local = true // what is local is not cleaned up
  })
  return doc
}

/** Merges an update. Throws what Yjs throws; the document is then worthless. */
export function mergeUpdate(doc: Y.Doc, update: Uint8Array): Merged {
  let changed = false
  const note = ({ deleteSet, beforeState, afterState }: Y.Transaction): void => {
    changed = deleteSet.clients.size > 0 || hasGrown(beforeState, afterState)
  }
  doc.on('afterTransaction', note)
  try {
    Y.applyUpdate(doc, update)
  } finally {
    doc.off('afterTransaction', note)
  }
  return { changed, missing: takeMissing(doc) }
}

/** Merges updates that were merged before, one after the other, as one. */
export function mergeAgain(doc: Y.Doc, updates: readonly Uint8Array[]): void {
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update)
  })
  takeMissing(doc)
}

/** Whether something that an update waited for is there. */
export function hasArrived(doc: Y.Doc, missing: ReadonlyMap<number, number>): boolean {
  for (const [client, clock] of missing) if (Y.getState(doc.store, client) > clock) return true
  return false
}

/** The whole document as one update. */
export function stateOf(doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(doc)
}

/** How much a document holds: characters, elements, entries, deleted ones left out. The same wherever it was merged. */
export function weightOf(doc: Y.Doc): number {
  let weight = 0
  for (const clock of stateVector(doc).values()) weight += clock
  for (const ranges of deleteSet(doc).values()) for (const [, length] of ranges) weight -= length
  return weight
}

/** How far each client's insertions are held. */
export function stateVector(doc: Y.Doc): ReadonlyMap<number, number> {
  return new Map([...doc.store.clients.keys()].map((client) => [client, Y.getState(doc.store, client)]))
}

/** What is deleted: by client, runs of (clock, length), in order and as long as can be. */
export function deleteSet(
  doc: Y.Doc,
): ReadonlyMap<number, readonly (readonly [clock: number, length: number])[]> {
  const { clients } = Y.createDeleteSetFromStructStore(doc.store)
  return new Map([...clients].map(([client, items]) => [client, joinRuns(items)]))
}

function joinRuns(items: readonly { clock: number; len: number }[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = []
  for (const { clock, len } of items) {
    const last = runs.at(-1)
    if (last && last[0] + last[1] === clock) last[1] += len
    else runs.push([clock, len])
  }
  return runs
}

function hasGrown(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): boolean {
  for (const [client, clock] of after) if (before.get(client) !== clock) return true
  return false
}

/** Takes what Yjs keeps for later out of it, and says what that waits for. */
function takeMissing({ store }: Y.Doc): ReadonlyMap<number, number> | undefined {
  const { pendingStructs, pendingDs } = store
  if (!pendingStructs && !pendingDs) return undefined
  const missing = new Map(pendingStructs?.missing)
  if (pendingDs) {
    for (const client of Y.decodeUpdateV2(pendingDs).ds.clients.keys())
      missing.set(
        client,
        Math.min(missing.get(client) ?? Number.POSITIVE_INFINITY, Y.getState(store, client)),
      )
  }
  store.pendingStructs = null
  store.pendingDs = null
  return missing
}
