/**
 * The text of a manifest, and its grammar:
 *
 * ```
 * manifest = JSON of { format: 1, logId, generation, checkpoint, meta, maps: [[name, columns], …] }
 * columns  = { firsts: [key, …], ids: [step, …], counts: [n, …], bytes: [n, …] }   one item a page, in key order
 * step     = page id minus the id before it (0 before the first), so that large ids cost little
 * ```
 *
 * A base that was dropped is one at checkpoint 0 with meta null and no maps (`drop.ts`). Text of another format, or that
 * breaks the grammar, is refused: a base can be folded again, a guess cannot be taken back.
 */
import type { Json, LogId, Offset } from '@headwater/log'
import { isId } from '@headwater/log'
import type { BaseContent, BaseMap } from './base.ts'
import type { PageId } from './base-store.ts'
import { parseJson, stringifyJson } from './json-text.ts'

/** The only format there is so far. */
export const MANIFEST_FORMAT = 1

interface Columns {
  readonly firsts: readonly string[]
  readonly ids: readonly number[]
  readonly counts: readonly number[]
  readonly bytes: readonly number[]
}

/** A base's content as text. */
export function encodeManifest(content: BaseContent): string {
  const maps = [...content.maps].map(([name, map]) => [name, { ...map, ids: idsToSteps(map.ids) }] as const)
  const { logId, generation, checkpoint, meta } = content
  return stringifyJson({ format: MANIFEST_FORMAT, logId, generation, checkpoint, meta, maps })
}

/** The content of a text; nothing when it cannot be used. */
export function parseManifest(text: string): BaseContent | undefined {
  const parsed = parseJson(text)
  if (!isRecord(parsed) || parsed.format !== MANIFEST_FORMAT) return undefined
  const { logId, generation, checkpoint, meta, maps } = parsed
  if (!isId(logId) || !isCount(generation) || !isCount(checkpoint) || meta === undefined) return undefined
  const known = parseMaps(maps)
  if (known === undefined) return undefined
  return {
    logId: logId as LogId,
    generation,
    checkpoint: checkpoint as Offset,
    meta: meta as Json,
    maps: known,
  }
}

/** The content of a text, when it was folded from this log. */
export function usableContent(text: string, logId: LogId): BaseContent | undefined {
  const content = parseManifest(text)
  return content?.logId === logId ? content : undefined
}

function parseMaps(maps: unknown): ReadonlyMap<string, BaseMap> | undefined {
  if (!Array.isArray(maps)) return undefined
  const known = new Map<string, BaseMap>()
  for (const item of maps as readonly unknown[]) {
    const [name, columns] = Array.isArray(item) ? (item as readonly unknown[]) : []
    if (typeof name !== 'string' || known.has(name) || !isColumns(columns)) return undefined
    known.set(name, { ...columns, ids: stepsToIds(columns.ids) })
  }
  return known
}

function isColumns(value: unknown): value is Columns {
  if (!isRecord(value)) return false
  const { firsts, ids, counts, bytes } = value
  return (
    isAscending(firsts) &&
    [ids, counts, bytes].every((column) => isNumbers(column) && column.length === firsts.length) &&
    (counts as readonly number[]).every((count) => count > 0)
  )
}

function isAscending(value: unknown): value is readonly string[] {
  if (!Array.isArray(value)) return false
  const keys = value as readonly unknown[]
  return keys.every((key, i) => typeof key === 'string' && (i === 0 || key > (keys[i - 1] as string)))
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function idsToSteps(ids: readonly PageId[]): readonly number[] {
  return ids.map((id, i) => id - (ids[i - 1] ?? 0))
}

function stepsToIds(steps: readonly number[]): readonly PageId[] {
  let id = 0
  return steps.map((step) => {
    id += step
    return id as PageId
  })
}
