/**
 * Lays the changes of a map over its pages: pages that no change touches are taken over as they are, the others are
 * read, merged, and cut anew; what becomes empty vanishes, and small pages go into neighbours that are written anyway.
 * Works in slices. Pages that are read for it alone are not put into the cache, where they would drive out what is read.
 */
import type { Json } from '@headwater/log'
import { type BaseMap, EMPTY_MAP } from './base.ts'
import { baseLost } from './base-lost.ts'
import type { PageId } from './base-store.ts'
import type { OverlayMap } from './overlay.ts'
import { type Page, pageLoad } from './page.ts'
import { isSmallLoad, PageCutter } from './page-cutter.ts'
import type { PageRef, PageWriter } from './page-writer.ts'
import { fetchPages } from './read.ts'
import type { NotedPage } from './reader.ts'
import type { Slices } from './slice.ts'
import type { KeyPlace, SortedKeys } from './sorted-keys.ts'
import { mustBeOpen, type StateCore } from './state-core.ts'

const SORT_STEP = 512
const MERGE_STEP = 64
const FETCH_PAGES = 16
const NO_PAGE: Page = { keys: [], values: [], bytes: 0 }

/** One map being merged. */
interface MapMerge {
  readonly core: StateCore
  readonly base: BaseMap
  readonly changes: OverlayMap
  readonly sorted: SortedKeys
  /** The next change. */
  readonly place: KeyPlace
  readonly cutter: PageCutter
  readonly refs: PageRef[]
  readonly fetched: Map<PageId, Page>
  /** Whether the page merged last was in memory, or was none: what is made of it goes there again. */
  isWarm: boolean
  /** Sleeps at the end of a slice, and while the writer has enough. */
  readonly rest: () => Promise<void>
}

/** The pages of the merged map, in order; those that are new are with the writer. */
export async function mergeMap(
  core: StateCore,
  name: string,
  changes: OverlayMap,
  writer: PageWriter,
  slices: Slices,
): Promise<readonly PageRef[]> {
  while (!changes.sortSome(SORT_STEP)) await slices.rest()
  const base = (changes.hidesBelow ? undefined : core.base.maps.get(name)) ?? EMPTY_MAP
  const refs: PageRef[] = []
  const sorted = changes.sorted()
  const cutter = new PageCutter((keys, values) => refs.push(writer.add(keys, values, merge.isWarm)))
  const rest = async (): Promise<void> => {
    await writer.drain()
    await slices.rest()
  }
  const merge: MapMerge = {
    core,
    base,
    changes,
    sorted,
    place: sorted.start(),
    cutter,
    refs,
    fetched: new Map(),
    isWarm: true,
    rest,
  }
  if (base.ids.length === 0) await mergePage(merge, NO_PAGE, undefined)
  for (let index = 0; index < base.ids.length; index++) await takePage(merge, index)
  cutter.end(true)
  return refs
}

/** A page that stays as it is. */
function keptRef(base: BaseMap, index: number): PageRef {
  return {
    first: base.firsts[index]!,
    count: base.counts[index]!,
    bytes: base.bytes[index]!,
    id: base.ids[index]!,
  }
}

async function takePage(merge: MapMerge, index: number): Promise<void> {
  const { base, cutter, refs } = merge
  const load = pageLoad(base.counts[index]!, base.bytes[index]!)
  if (
    !isTouched(merge, index) &&
    !cutter.wants(load) &&
    !(isSmallLoad(load) && isTouched(merge, index + 1))
  ) {
    cutter.end(false)
    refs.push(keptRef(base, index))
    return
  }
  await mergePage(merge, await mustGetPage(merge, index), base.firsts[index + 1])
  await merge.rest() // a page of large rows has fewer entries than the steps between two rests
}

/** Whether a change that has not been taken lies in the page's part of the keys. */
function isTouched({ base, sorted, place }: MapMerge, index: number): boolean {
  if (index >= base.ids.length) return false
  const end = base.firsts[index + 1]
  const next = sorted.keyAt(place)
  if (next === undefined || (end !== undefined && next >= end)) return false
  if (index === 0 || next >= base.firsts[index]!) return true
  const within = sorted.keyAt(sorted.seek(base.firsts[index]!, false))
  return within !== undefined && (end === undefined || within < end)
}

/** Merges a page with the changes below `end`. */
async function mergePage(merge: MapMerge, page: Page, end: string | undefined): Promise<void> {
  const { sorted, place, changes, cutter } = merge
  const meanBytes = page.bytes / Math.max(1, page.keys.length)
  const change = (): string | undefined => {
    const key = sorted.keyAt(place)
    return key === undefined || (end !== undefined && key >= end) ? undefined : key
  }
  const addChange = (key: string): void => {
    const { value, bytes } = changes.entries.get(key)!
    if (value !== undefined) cutter.add(key, value, bytes)
    sorted.forward(place)
  }
  let at = 0
  for (let step = 1; ; step++) {
    const changed = change()
    const kept = page.keys[at]
    if (changed === undefined && kept === undefined) return
    if (kept === undefined || (changed !== undefined && changed <= kept)) {
      if (changed === kept) at++
      addChange(changed!)
    } else cutter.add(kept, page.values[at++] as Json, meanBytes)
    if (step % MERGE_STEP === 0) await merge.rest()
  }
}

async function mustGetPage(merge: MapMerge, index: number): Promise<Page> {
  const { base, core, fetched } = merge
  const id = base.ids[index]!
  const known = core.options.cache.get(id)
  merge.isWarm = known !== undefined
  if (known !== undefined) return known
  if (!fetched.has(id)) await fetchFrom(merge, index)
  const arrived = fetched.get(id)
  mustBeOpen(core)
  if (arrived === undefined) throw baseLost(core.options.lineage, `page ${id} is missing or damaged`)
  fetched.delete(id)
  return arrived
}

/** Fetches a page, together with the next ones that will be wanted. */
async function fetchFrom(merge: MapMerge, start: number): Promise<void> {
  const { base, core, fetched } = merge
  const noted: NotedPage[] = []
  for (let index = start; index < base.ids.length && noted.length < FETCH_PAGES; index++) {
    if (index > start + FETCH_PAGES * 4) break
    const id = base.ids[index]!
    const wanted = index === start || (isTouched(merge, index) && !core.options.cache.get(id))
    if (wanted) noted.push({ id, first: base.firsts[index]!, count: base.counts[index]! })
  }
  const pages = await fetchPages(core, noted)
  for (const [i, page] of pages.entries()) if (page !== undefined) fetched.set(noted[i]!.id, page)
}
