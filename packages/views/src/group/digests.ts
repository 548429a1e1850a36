/**
 * Digests of what a group holds, entry by entry in key order, independent of pages and of the order of members: what
 * `verify` compares, and what replicas agree in. A table's digests are those of its rows and then of its indexes' entries;
 * its history is left out, for offsets are a log's own.
 */
import type { Json } from '@headwater/log'
import { digestJson } from '../digest.ts'
import { ROWS } from '../table/maps.ts'
import type { GroupCore } from './core.ts'
import type { GroupUnit } from './unit.ts'

const ENTRIES_AT_ONCE = 256
/** Begins the keys of index entries, behind any row's key that people write. */
const INDEX_MARK = '\uffff'

/** The digests of a table or one of its aggregates. What it stands still for is not among them. */
export async function* unitDigests(
  unit: GroupUnit,
  name: string,
): AsyncIterable<readonly [key: string, digest: string]> {
  const { core } = unit
  if (core === undefined) return
  if (unit.options.kind) return yield* unit.options.kind.digests(core, unit.options.backgroundTurn)
  const aggregate = core.slots.find((slot) => slot.aggregate === name)
  if (aggregate) {
    if (aggregate.whole) yield* mapDigests(unit, core, aggregate.whole.maps[0]!, '')
    return
  }
  yield* mapDigests(unit, core, ROWS, '')
  const indexes = core.slots.flatMap(({ aggregate: owner, whole }) =>
    owner === undefined && whole ? [whole] : [],
  )
  for (const { entries, maps } of indexes.sort((a, b) => (a.entries < b.entries ? -1 : 1))) {
    yield* mapDigests(unit, core, maps[0]!, `${INDEX_MARK}${entries} `)
  }
}

async function* mapDigests(
  unit: GroupUnit,
  core: GroupCore,
  map: string,
  mark: string,
): AsyncIterable<readonly [key: string, digest: string]> {
  let after: string | undefined
  for (;;) {
    const entries = await readEntries(core, map, after)
    for (const [key, value] of entries) yield [mark + key, digestJson(value)]
    after = entries.at(-1)?.[0]
    if (entries.length < ENTRIES_AT_ONCE) return
    await unit.options.backgroundTurn()
  }
}

function readEntries(
  core: GroupCore,
  map: string,
  after: string | undefined,
): readonly (readonly [string, Json])[] | Promise<readonly (readonly [string, Json])[]> {
  return core.state.read((reader) => {
    const entries: (readonly [string, Json])[] = []
    reader.range(map, after === undefined ? {} : { gt: after }, (key, value) => {
      entries.push([key, value])
      return entries.length < ENTRIES_AT_ONCE
    })
    return entries
  })
}
