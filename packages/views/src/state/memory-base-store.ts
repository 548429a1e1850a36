/**
 * A base store in memory, for tests and for databases that keep nothing: the same contract as the IndexedDB one, with
 * each call as one step. Several handles of tabs may share one, as they would a database.
 */
import { HeadwaterError } from '@headwater/log'
import type { BaseStore, ManifestDraft, ManifestId, PageId, StoredManifest } from './base-store.ts'

interface Contents {
  epoch: number
  lastPage: number
  lastManifest: number
  readonly pages: Map<PageId, string>
  readonly manifests: Map<ManifestId, StoredManifest>
}

/** A memory base store: what several tabs open handles on. */
export interface MemoryBases {
  open(): BaseStore
  /** Loses everything, as deleting the database does; open handles go on with the empty one. Ids go on ascending. */
  destroy(): void
}

/** An empty memory store with one handle on it. */
export function createMemoryBaseStore(): BaseStore {
  return createMemoryBases().open()
}

/** Bases in memory that several handles share. */
export function createMemoryBases(): MemoryBases {
  const contents: Contents = {
    epoch: 0,
    lastPage: 0,
    lastManifest: 0,
    pages: new Map(),
    manifests: new Map(),
  }
  return {
    open: () => openHandle(contents),
    destroy() {
      contents.pages.clear()
      contents.manifests.clear()
      contents.epoch++
    },
  }
}

function openHandle(contents: Contents): BaseStore {
  let closed = false
  const { pages, manifests } = contents
  const step = async <T>(run: () => T): Promise<T> => {
    if (closed) throw closedStore()
    await Promise.resolve()
    return run()
  }
  return {
    epoch: () => step(() => contents.epoch),
    putPages: (texts) => step(() => texts.map((text) => putPage(contents, text))),
    getPages: (ids) => step(() => ids.map((id) => pages.get(id))),
    putManifest: (draft) => step(() => putManifest(contents, draft)),
    current: (lineage) => step(() => currentOf(contents, lineage)),
    manifests: () => step(() => [...manifests.values()].map(withoutText)),
    getManifest: (id) => step(() => manifests.get(id)),
    raiseEpoch: () => step(() => ({ epoch: ++contents.epoch, lastPage: contents.lastPage as PageId })),
    pageIds: () => step(() => [...pages.keys()]),
    remove: (oldManifests, oldPages) =>
      step(() => {
        for (const id of oldManifests) manifests.delete(id)
        for (const id of oldPages) pages.delete(id)
      }),
    size: () =>
      step(() => ({
        pages: pages.size,
        bytes: [...pages.values()].reduce((sum, text) => sum + text.length, 0),
      })),
    async close() {
      closed = true
    },
  }
}

function putPage(contents: Contents, text: string): PageId {
  const id = ++contents.lastPage as PageId
  contents.pages.set(id, text)
  return id
}

function putManifest(contents: Contents, draft: ManifestDraft): ManifestId | 'superseded' | 'swept' {
  if (draft.epoch !== contents.epoch) return 'swept'
  if (currentOf(contents, draft.lineage)?.id !== draft.replaces) return 'superseded'
  const id = ++contents.lastManifest as ManifestId
  const { lineage, family, storedAt, text } = draft
  contents.manifests.set(id, { id, lineage, family, storedAt, text, pages: [...draft.pages] })
  return id
}

function currentOf(contents: Contents, lineage: string): StoredManifest | undefined {
  let newest: StoredManifest | undefined
  for (const manifest of contents.manifests.values()) if (manifest.lineage === lineage) newest = manifest
  return newest
}

function withoutText({ text: _text, ...rest }: StoredManifest): Omit<StoredManifest, 'text'> {
  return rest
}

/** What every call on a closed store fails with. */
export function closedStore(): HeadwaterError {
  return new HeadwaterError('CLOSED', 'The base store has been closed.', {
    hint: 'Open the database again; nothing was changed by this call.',
  })
}
