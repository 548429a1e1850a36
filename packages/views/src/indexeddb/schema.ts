/**
 * The database of the bases, version 1:
 *
 * - `pages`: page text by page id, which a key generator gives.
 * - `manifests`: `{ lineage, family, storedAt, pages }` by manifest id, likewise; an index by lineage.
 * - `texts`: a manifest's text by its id, apart, so that the list of manifests is read without them.
 * - `meta`: the sweep epoch.
 *
 * Ids and the epoch of a new database begin at the wall clock's milliseconds × 4,096, above all that were given in a
 * database of this name before: what a tab still knows of a deleted one then never fits the new one.
 */
import type { WallClock } from '@headwater/log'
import type { PageId } from '../state/base-store.ts'

/** The format of the database. */
export const DATABASE_VERSION = 1
/** Its stores. */
export const PAGES = 'pages'
export const MANIFESTS = 'manifests'
export const TEXTS = 'texts'
export const META = 'meta'
/** The index of `manifests`. */
export const BY_LINEAGE = 'lineage'
/** The one key of `meta`. */
export const EPOCH = 'epoch'

const IDS_PER_MS = 4096

/** A record of `manifests`. */
export interface ManifestRecord {
  readonly lineage: string
  readonly family: string
  readonly storedAt: number
  readonly pages: readonly PageId[]
}

/** Where the ids of the newest database made by this process begin. */
let newestFirstId = 0

/** Makes the stores of a new database, and sets where its ids begin. */
export function createStores(database: IDBDatabase, transaction: IDBTransaction, clock: WallClock): void {
  const firstId = Math.max(clock.now() * IDS_PER_MS, newestFirstId + IDS_PER_MS)
  newestFirstId = firstId
  for (const name of [PAGES, MANIFESTS]) {
    const store = database.createObjectStore(name, { autoIncrement: true })
    if (name === MANIFESTS) store.createIndex(BY_LINEAGE, 'lineage')
    store.add({ lineage: '' }, firstId)
    store.delete(firstId)
  }
  database.createObjectStore(TEXTS)
  database.createObjectStore(META)
  transaction.objectStore(META).put(firstId, EPOCH)
}
