/**
 * The base store in IndexedDB, in a database of its own, apart from the log: whoever deletes it, also while it is open,
 * costs the views a rebuild and nobody any data. Transactions carry at most about 1 MiB, so that no other tab waits
 * longer than about 20 ms for its turn (D2).
 */
import type { BaseStore, ManifestDraft, ManifestId, PageId, StoredManifest } from '../state/base-store.ts'
import {
  type Connection,
  type ConnectionOptions,
  connect,
  type DeletionOptions,
  deleteDatabase,
} from './connection.ts'
import { resultOf } from './request.ts'
import { BY_LINEAGE, EPOCH, MANIFESTS, type ManifestRecord, META, PAGES, TEXTS } from './schema.ts'

const TRANSACTION_BYTES = 1_048_576
const READ_PAGES = 32
const REMOVE_RECORDS = 128
const SAMPLE_PAGES = 16

/** Opens the bases. Errors: `STORAGE_UNAVAILABLE`, `STORAGE_BLOCKED`, `FORMAT_NEWER`. */
export async function openIndexedDbBaseStore(options: ConnectionOptions): Promise<BaseStore> {
  const connection = await connect(options)
  const keyRange = options.keyRange ?? IDBKeyRange
  const run: Connection['run'] = (stores, mode, body) => connection.run(stores, mode, body)
  return {
    epoch: () => run([META], 'readonly', (tx) => readEpoch(tx)),
    putPages: (texts) => putPages(connection, texts),
    getPages: (ids) => getPages(connection, ids),
    putManifest: (draft) =>
      run([MANIFESTS, TEXTS, META], 'readwrite', (tx) => putManifest(tx, draft, keyRange)),
    current: (lineage) => run([MANIFESTS, TEXTS], 'readonly', (tx) => readCurrent(tx, lineage, keyRange)),
    manifests: () => run([MANIFESTS], 'readonly', readManifests),
    getManifest: (id) => run([MANIFESTS, TEXTS], 'readonly', (tx) => readManifest(tx, id)),
    raiseEpoch: () => run([META, PAGES], 'readwrite', raiseEpoch),
    pageIds: () =>
      run(
        [PAGES],
        'readonly',
        async (tx) => (await resultOf(tx.objectStore(PAGES).getAllKeys())) as PageId[],
      ),
    remove: (manifests, pages) => remove(connection, manifests, pages),
    size: () => run([PAGES], 'readonly', (tx) => measure(tx, keyRange)),
    async close() {
      connection.close()
    },
  }
}

/** Deletes the bases, also while tabs have them open. Error: `STORAGE_BLOCKED`. */
export function destroyIndexedDbBaseStore(options: DeletionOptions): Promise<void> {
  return deleteDatabase(options)
}

async function readEpoch(tx: IDBTransaction): Promise<number> {
  return (await resultOf(tx.objectStore(META).get(EPOCH))) as number
}

/** The order of the ids is the order of the pages. */
async function putPages(connection: Connection, texts: readonly string[]): Promise<readonly PageId[]> {
  const ids: PageId[] = []
  for (const batch of cutBatches(texts)) {
    const given = await connection.run([PAGES], 'readwrite', (tx) => {
      const store = tx.objectStore(PAGES)
      return Promise.all(batch.map((text) => resultOf(store.add(text))))
    })
    ids.push(...(given as PageId[]))
  }
  return ids
}

function cutBatches(texts: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = []
  let room = 0
  for (const text of texts) {
    if (batches.length === 0 || text.length > room) {
      batches.push([])
      room = TRANSACTION_BYTES
    }
    batches.at(-1)!.push(text)
    room -= text.length
  }
  return batches
}

async function getPages(
  connection: Connection,
  ids: readonly PageId[],
): Promise<readonly (string | undefined)[]> {
  const texts: (string | undefined)[] = []
  for (let at = 0; at < ids.length; at += READ_PAGES) {
    const some = ids.slice(at, at + READ_PAGES)
    const read = await connection.run([PAGES], 'readonly', (tx) => {
      const store = tx.objectStore(PAGES)
      return Promise.all(some.map((id) => resultOf(store.get(id))))
    })
    for (const text of read as unknown[]) texts.push(typeof text === 'string' ? text : undefined)
  }
  return texts
}

/** A draft that is current already was stored by a first try whose completion was lost. */
async function putManifest(
  tx: IDBTransaction,
  draft: ManifestDraft,
  keyRange: typeof IDBKeyRange,
): Promise<ManifestId | 'superseded' | 'swept'> {
  const [current, epoch] = await Promise.all([readCurrent(tx, draft.lineage, keyRange), readEpoch(tx)])
  if (current && isStored(draft, current)) return current.id
  if (epoch !== draft.epoch) return 'swept'
  if (current?.id !== draft.replaces) return 'superseded'
  const { text, lineage, family, storedAt, pages } = draft
  const record: ManifestRecord = { lineage, family, storedAt, pages }
  const id = await resultOf(tx.objectStore(MANIFESTS).add(record))
  await resultOf(tx.objectStore(TEXTS).put(text, id))
  return id as ManifestId
}

function isStored(draft: ManifestDraft, current: StoredManifest): boolean {
  return current.id !== draft.replaces && current.storedAt === draft.storedAt && current.text === draft.text
}

async function readCurrent(
  tx: IDBTransaction,
  lineage: string,
  keyRange: typeof IDBKeyRange,
): Promise<StoredManifest | undefined> {
  const index = tx.objectStore(MANIFESTS).index(BY_LINEAGE)
  const newest = await resultOf(index.openKeyCursor(keyRange.only(lineage), 'prev'))
  return newest === null ? undefined : readManifest(tx, newest.primaryKey as ManifestId)
}

async function readManifest(tx: IDBTransaction, id: ManifestId): Promise<StoredManifest | undefined> {
  const [record, text] = await Promise.all([
    resultOf(tx.objectStore(MANIFESTS).get(id)),
    resultOf(tx.objectStore(TEXTS).get(id)),
  ])
  if (record === undefined || typeof text !== 'string') return undefined
  return { ...(record as ManifestRecord), id, text }
}

async function readManifests(tx: IDBTransaction): Promise<readonly Omit<StoredManifest, 'text'>[]> {
  const store = tx.objectStore(MANIFESTS)
  const [ids, records] = await Promise.all([resultOf(store.getAllKeys()), resultOf(store.getAll())])
  return (records as ManifestRecord[]).map((record, i) => ({ ...record, id: ids[i] as ManifestId }))
}

/** In one transaction with the pages, so that a page written later has a higher id. */
async function raiseEpoch(
  tx: IDBTransaction,
): Promise<{ readonly epoch: number; readonly lastPage: PageId }> {
  const newest = await resultOf(tx.objectStore(PAGES).openKeyCursor(null, 'prev'))
  const epoch = (await readEpoch(tx)) + 1
  await resultOf(tx.objectStore(META).put(epoch, EPOCH))
  return { epoch, lastPage: (newest === null ? 0 : newest.primaryKey) as PageId }
}

async function remove(
  connection: Connection,
  manifests: readonly ManifestId[],
  pages: readonly PageId[],
): Promise<void> {
  await removeAll(connection, [MANIFESTS, TEXTS], manifests)
  await removeAll(connection, [PAGES], pages)
}

async function removeAll(
  connection: Connection,
  stores: readonly string[],
  ids: readonly number[],
): Promise<void> {
  for (let at = 0; at < ids.length; at += REMOVE_RECORDS) {
    const some = ids.slice(at, at + REMOVE_RECORDS)
    await connection.run(stores, 'readwrite', (tx) =>
      Promise.all(stores.flatMap((store) => some.map((id) => resultOf(tx.objectStore(store).delete(id))))),
    )
  }
}

/** Bytes are reckoned from the newest few pages, so that nobody waits for all of them to be read. */
async function measure(
  tx: IDBTransaction,
  keyRange: typeof IDBKeyRange,
): Promise<{ readonly pages: number; readonly bytes: number }> {
  const store = tx.objectStore(PAGES)
  const [pages, newest] = await Promise.all([
    resultOf(store.count()),
    resultOf(store.openKeyCursor(null, 'prev')),
  ])
  if (newest === null || pages === 0) return { pages: 0, bytes: 0 }
  const from = (newest.primaryKey as number) - SAMPLE_PAGES
  const sample = (await resultOf(store.getAll(keyRange.lowerBound(from, true)))) as string[]
  const sampled = sample.reduce((sum, text) => sum + text.length, 0)
  return { pages, bytes: Math.round((sampled / sample.length) * pages) }
}
