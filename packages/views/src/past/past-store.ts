/**
 * Where the past keeps its states: in memory, over the live store, whose pages it reads by reference and never writes. Each
 * state that is opened gets a handle of its own, which shows it the one manifest that it begins from; what it stores is seen
 * by no other. Ids count downwards from -1, so that they are never those of the live store.
 */
import type { BaseStore, ManifestDraft, ManifestId, PageId, StoredManifest } from '../state/base-store.ts'

/** The store of one state. */
export interface PastHandle extends BaseStore {
  /** What was stored last under a lineage, or what the state began from. */
  newest(lineage: string): StoredManifest | undefined
}

/** The pages of the past. */
export interface PastStore {
  /** What its own pages take, about: their length. */
  readonly bytes: number
  /** A handle for one state, which begins from `start`, or from nothing. What it needs stays until it is closed. */
  open(start: StoredManifest | undefined): PastHandle
  /** Lets go of every page that neither a handle nor one of these manifests needs. */
  sweep(kept: Iterable<StoredManifest>): void
}

/** What an open handle needs. */
interface Needs {
  readonly start: StoredManifest | undefined
  readonly written: PageId[]
}

/** An empty one over the live store. */
export function createPastStore(live: Pick<BaseStore, 'getPages'>): PastStore {
  const pages = new Map<PageId, string>()
  const open = new Set<Needs>()
  let lastId = 0
  let bytes = 0
  const putPage = (text: string): PageId => {
    const id = --lastId as PageId
    pages.set(id, text)
    bytes += text.length
    return id
  }
  return {
    get bytes() {
      return bytes
    },
    open(start) {
      const needs: Needs = { start, written: [] }
      open.add(needs)
      return {
        ...openManifests(start, () => --lastId as ManifestId),
        async putPages(texts) {
          const ids = texts.map(putPage)
          needs.written.push(...ids)
          return ids
        },
        getPages: (ids) => readPages(ids, pages, live),
        pageIds: async () => [...pages.keys()],
        size: async () => ({ pages: pages.size, bytes }),
        close: async () => void open.delete(needs),
      }
    },
    sweep(kept) {
      const needed = new Set([...open].flatMap(({ start, written }) => [...written, ...(start?.pages ?? [])]))
      for (const manifest of kept) for (const id of manifest.pages) needed.add(id)
      for (const [id, { length }] of pages) {
        if (needed.has(id)) continue
        pages.delete(id)
        bytes -= length
      }
    },
  }
}

type Manifests = Omit<PastHandle, 'putPages' | 'getPages' | 'pageIds' | 'size' | 'close'>

function openManifests(start: StoredManifest | undefined, nextId: () => ManifestId): Manifests {
  const manifests: StoredManifest[] = start ? [start] : []
  const newest = (lineage: string): StoredManifest | undefined =>
    manifests.findLast((manifest) => manifest.lineage === lineage)
  const put = (draft: ManifestDraft): ManifestId | 'superseded' => {
    if (newest(draft.lineage)?.id !== draft.replaces) return 'superseded'
    const { lineage, family, storedAt, text, pages } = draft
    const id = nextId()
    manifests.push({ id, lineage, family, storedAt, text, pages })
    return id
  }
  return {
    newest,
    epoch: async () => 0,
    raiseEpoch: async () => ({ epoch: 0, lastPage: 0 as PageId }),
    putManifest: async (draft) => put(draft),
    current: async (lineage) => newest(lineage),
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
