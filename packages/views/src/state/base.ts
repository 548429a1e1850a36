/**
 * A base as a state holds it: what its manifest says, with the pages of each map as columns, so that a million entries
 * cost a few arrays. Immutable: a state switches from one base to another as a whole.
 */
import type { Json, LogId, Offset } from '@headwater/log'
import { ORIGIN } from '@headwater/log'
import type { StoredSnapshot } from '../view.ts'
import type { ManifestId, PageId, StoredManifest } from './base-store.ts'
import { upperBound } from './sorted-search.ts'

/** The pages of one map, in key order: all columns are of one length. */
export interface BaseMap {
  /** First key of each page. */
  readonly firsts: readonly string[]
  readonly ids: readonly PageId[]
  /** Entries in each page. */
  readonly counts: readonly number[]
  /** Length of each page's text. */
  readonly bytes: readonly number[]
}

/** What a manifest's text holds. */
export interface BaseContent {
  readonly logId: LogId
  readonly generation: number
  readonly checkpoint: Offset
  readonly meta: Json
  readonly maps: ReadonlyMap<string, BaseMap>
}

/** A base in use. */
export interface Base extends BaseContent {
  /** The manifest that lists the pages; nothing while there is none. */
  readonly manifest: ManifestId | undefined
  /** What is stored of it, for people who look. */
  readonly stored?: StoredSnapshot
}

/** The base that a manifest of this content is. */
export function storedBase(
  content: BaseContent,
  { id, storedAt, text }: Pick<StoredManifest, 'id' | 'storedAt' | 'text'>,
): Base {
  let bytes = text.length
  for (const map of content.maps.values()) for (const page of map.bytes) bytes += page
  return { ...content, manifest: id, stored: { bytes, storedAt } }
}

/** Whether the content says that the base was dropped (`drop.ts`). */
export function isDropped({ checkpoint, meta, maps }: BaseContent): boolean {
  return checkpoint === ORIGIN && meta === null && maps.size === 0
}

/** No pages. */
export const EMPTY_MAP: BaseMap = { firsts: [], ids: [], counts: [], bytes: [] }

/** The base to start over from. */
export function emptyBase(logId: LogId, generation: number): Base {
  return { manifest: undefined, logId, generation, checkpoint: ORIGIN, meta: null, maps: new Map() }
}

/** Index of the one page that can hold `key`; -1 when the key is below all pages. */
export function pageOf(map: BaseMap, key: string): number {
  return upperBound(map.firsts, key) - 1
}

/** Pages of `old` that `next` no longer lists under the same map. */
export function unlisted(old: BaseContent, next: BaseContent): readonly PageId[] {
  const pages: PageId[] = []
  for (const [name, { ids }] of old.maps) {
    const kept = new Set(next.maps.get(name)?.ids)
    for (const id of ids) if (!kept.has(id)) pages.push(id)
  }
  return pages
}

/** Every page that the maps list. */
export function pagesOf(maps: ReadonlyMap<string, BaseMap>): readonly PageId[] {
  const pages: PageId[] = []
  for (const map of maps.values()) for (const id of map.ids) pages.push(id)
  return pages
}
