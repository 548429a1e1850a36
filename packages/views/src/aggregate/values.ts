/**
 * What `min`, `max` and `countDistinct` are read from: an ordered map (group, value) → how many rows of the group have the
 * value. Counting is exact under update and delete; when the lowest or highest value leaves its group, the next one is
 * the map's first or last that is still counted.
 */
import type { Json } from '@headwater/log'
import type { KeyPart, Measure } from '../definition.ts'
import type { Write } from '../group/part.ts'
import { decodeKey, encodeKey } from '../key.ts'
import type { StateReader } from '../state/paged-state.ts'
import type { ValueDelta } from './delta.ts'

const COUNT_BYTES = 40

/** One measure of one group, with the counts that a run changes. */
export interface ValuesChange {
  readonly kind: Measure['kind']
  readonly map: string
  /** The group's beginning of the map's keys. */
  readonly prefix: string
  /** By encoded value. */
  readonly counts: Map<string, { readonly value: KeyPart; readonly before: number; readonly after: number }>
}

/** Reads how often each changed value occurred, and counts on. */
export function readCounts(
  reader: StateReader,
  kind: Measure['kind'],
  map: string,
  prefix: string,
  values: ReadonlyMap<string, ValueDelta>,
): ValuesChange {
  const counts: ValuesChange['counts'] = new Map()
  for (const [encoded, { value, times }] of values) {
    const before = (reader.get(map, prefix + encoded) ?? 0) as number
    counts.set(encoded, { value, before, after: before + times })
  }
  return { kind, map, prefix, counts }
}

/** What the measure stores after the change; `reader` is asked when the value that it stored is gone. */
export function valueAfter(reader: StateReader, change: ValuesChange, stored: Json | undefined): Json {
  if (change.kind === 'countDistinct') return ((stored ?? 0) as number) + distinctMore(change)
  const lowest = change.kind === 'min'
  const best = bestOf(change, lowest)
  const kept = keptOf(reader, change, (stored ?? null) as KeyPart, lowest)
  if (best === undefined || kept === undefined) return (best ?? kept)?.value ?? null
  return best.encoded < kept.encoded === lowest ? best.value : kept.value
}

/** Writes the counts; a value that no row has is no longer there. */
export function writeCounts(write: Write, { map, prefix, counts }: ValuesChange): void {
  for (const [encoded, { after }] of counts) {
    const key = prefix + encoded
    write(map, key, after === 0 ? undefined : after, COUNT_BYTES + key.length)
  }
}

interface Candidate {
  readonly encoded: string
  readonly value: KeyPart
}

function distinctMore({ counts }: ValuesChange): number {
  let more = 0
  for (const { before, after } of counts.values()) more += Number(after > 0) - Number(before > 0)
  return more
}

/** The best value that the change counted in. */
function bestOf({ counts }: ValuesChange, lowest: boolean): Candidate | undefined {
  let best: Candidate | undefined
  for (const [encoded, { value, after }] of counts) {
    if (after === 0) continue
    if (best === undefined || encoded < best.encoded === lowest) best = { encoded, value }
  }
  return best
}

/** What was stored, as long as a row has it; else the best that the change left in its place. */
function keptOf(
  reader: StateReader,
  { map, prefix, counts }: ValuesChange,
  stored: KeyPart,
  lowest: boolean,
): Candidate | undefined {
  if (stored === null) return undefined
  const encoded = encodeKey([stored])
  if (counts.get(encoded)?.after !== 0) return { encoded, value: stored }
  let next: Candidate | undefined
  reader.range(map, { gt: prefix, lte: `${prefix}~`, reverse: !lowest }, (key) => {
    const other = key.slice(prefix.length)
    if (counts.get(other)?.after === 0) return true
    next = { encoded: other, value: decodeKey(other)[0] ?? null }
    return false
  })
  return next
}
