/**
 * Where the past keeps its states: in memory, over the live store, whose pages it reads by reference and never writes. Each
 * state that is opened gets a handle of its own, which shows it the one manifest that it begins from; what it stores is
 * seen by no one else. Ids count downwards from -1, so that they are never those of the live store.
 */
import type { BaseStore, ManifestDraft, ManifestId, PageId, StoredManifest } from '../state/base-store.ts'

/** The pages of the past. */
export interface PastStore {
  /** A handle for one state, which begins from `start`, or from nothing. */
  open(start: StoredManifest | undefined): BaseStore
}

/** An empty one over the live store. */
export function createPastStore(live: Pick<BaseStore, 'getPages'>): PastStore {
  const pages = new Map<PageId, string>()
  let lastId = 0
  const putPage = (text: string): PageId => {
    const id = --lastId as PageId
    pages.set(id, text)
    return id
  }
  return {
    open: (start) => ({
      ...openManifests(start, () => --lastId as ManifestId),
      putPages: async (texts) => texts.map(putPage),
      getPages: (ids) => readPages(ids, pages, live),
      pageIds: async () => [...pages.keys()],
      size: async () => ({ pages: pages.size, bytes: bytesOf(pages) }),
      close: async () => undefined,
    }),
  }
}

type Manifests = Omit<BaseStore, 'putPages' | 'getPages' | 'pageIds' | 'size' | 'close'>

function openManifests(start: StoredManifest | undefined, nextId: () => ManifestId): Manifests {
  const manifests: StoredManifest[] = start ? [start] : []
  const current = (lineage: string): StoredManifest | undefined =>
    manifests.findLast((manifest) => manifest.lineage === lineage)
  const put = (draft: ManifestDraft): ManifestId | 'superseded' => {
    if (current(draft.lineage)?.id !== draft.replaces) return 'superseded'
    const { lineage, family, storedAt, text, pages } = draft
    const id = nextId()
    manifests.push({ id, lineage, family, storedAt, text, pages })
    return id
  }
  return {
    epoch: async () => 0,
    raiseEpoch: async () => ({ epoch: 0, lastPage: 0 as PageId }),
    putManifest: async (draft) => put(draft),
    current: async (lineage) => current(lineage),
    manifests: async () => manifests,
    getManifest: async (id) => manifests.find((manifest) => manifest.id === id),
    remove: async () => undefined,
  }
}

/** Those that are not its own come from the live store, together. */
async function readPages(
  ids: readonly PageId[],
  own: ReadonlyMap<PageId, string>,
  live: Pick<BaseStore, 'getPages'>,
): Promise<readonly (string | undefined)[]> {
  const foreign = ids.filter((id) => !own.has(id))
  const texts = foreign.length > 0 ? await live.getPages(foreign) : []
  const found = new Map(foreign.map((id, i) => [id, texts[i]]))
  return ids.map((id) => own.get(id) ?? found.get(id))
}

function bytesOf(pages: ReadonlyMap<PageId, string>): number {
  let bytes = 0
  for (const { length } of pages.values()) bytes += length
  return bytes
}
