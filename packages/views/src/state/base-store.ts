/**
 * The `BaseStore`: where views keep their bases, apart from the log and expendable as a whole. It knows immutable
 * pages, manifests that list pages, and one sweep epoch; what is in a page or a manifest is not its business.
 *
 * Laws (contract suite: `test/contract/base-store.contract.ts`):
 * - A page never changes; its id is never given again, not even after its deletion.
 * - `putManifest` is one transaction of its own. It stores only if, read in that transaction, the manifest that it
 *   replaces is still the lineage's current one and the epoch is the one given: so a checkpoint is all or nothing (V4),
 *   never overwrites another tab's, and never lists pages that a sweep may have taken.
 * - Every write transaction is bounded to about 1 MiB, so that no reader waits longer than about 20 ms (D2).
 */

/** Names a page; ascending in the order of writing. */
export type PageId = number & { readonly __brand: 'PageId' }
/** Numbers the manifests of a store, ascending. */
export type ManifestId = number & { readonly __brand: 'ManifestId' }

/** A stored manifest. */
export interface StoredManifest {
  readonly id: ManifestId
  /** Whose state this is: one fingerprint and generation family; only the newest of a lineage is current. */
  readonly lineage: string
  /** Lineages of one family may share pages (an app whose table gained an index). */
  readonly family: string
  /** Wall milliseconds when it was stored, for sweeping lineages that nobody uses. */
  readonly storedAt: number
  /** The manifest's own text (`state/manifest.ts`). */
  readonly text: string
  /** Every page that it lists, for the sweep. */
  readonly pages: readonly PageId[]
}

/** What `putManifest` is given. */
export interface ManifestDraft {
  readonly lineage: string
  readonly family: string
  readonly storedAt: number
  readonly text: string
  readonly pages: readonly PageId[]
  /** The current manifest that this one was made from; nothing for the first of a lineage. */
  readonly replaces: ManifestId | undefined
  /** The epoch read before the first of its new pages was written. */
  readonly epoch: number
}

/** The store. After `close`, calls fail with `CLOSED`. */
export interface BaseStore {
  epoch(): Promise<number>
  /** Stores pages, in order, in transactions of at most 1 MiB each. */
  putPages(pages: readonly string[]): Promise<readonly PageId[]>
  /** The pages asked for, in order; nothing where a page is gone. */
  getPages(ids: readonly PageId[]): Promise<readonly (string | undefined)[]>
  /** Stores a manifest, or says why not: `superseded` (another one is current) or `swept` (the epoch moved on). */
  putManifest(draft: ManifestDraft): Promise<ManifestId | 'superseded' | 'swept'>
  /** The newest manifest of a lineage. */
  current(lineage: string): Promise<StoredManifest | undefined>
  /** All manifests, without their texts, oldest first. */
  manifests(): Promise<readonly Omit<StoredManifest, 'text'>[]>
  getManifest(id: ManifestId): Promise<StoredManifest | undefined>
  /** Raises the epoch and tells it with the highest page id given so far: pages above it belong to later writers. */
  raiseEpoch(): Promise<{ readonly epoch: number; readonly lastPage: PageId }>
  /** All page ids held, ascending. */
  pageIds(): Promise<readonly PageId[]>
  /** Deletes manifests and pages, in bounded transactions, manifests first. */
  remove(manifests: readonly ManifestId[], pages: readonly PageId[]): Promise<void>
  /** Bytes held, about. */
  size(): Promise<{ readonly pages: number; readonly bytes: number }>
  close(): Promise<void>
}
