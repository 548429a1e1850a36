/**
 * An aggregate of a table: a map of groups, and for `min`, `max` and `countDistinct` an ordered map of (group, value)
 * counts each. It takes row changes, retracts what rows were and counts what they are, and touches only the groups for
 * which that makes a difference.
 */
import { freezeJson, type Json } from '@headwater/log'
import type { AggregateDefinition, KeyPart, Measure } from '../definition.ts'
import type { Part, ReadableState, StagedPart, Write } from '../group/part.ts'
import { jsonBytes } from '../json-size.ts'
import { encodeKey } from '../key.ts'
import type { StateReader } from '../state/paged-state.ts'
import { functionFailed } from '../table/failure.ts'
import type { RowChange } from '../view.ts'
import { countIn, isChange, type MeasureDelta, startDelta } from './delta.ts'
import { asStoredGroup, mergeMeasure, type StoredGroup } from './stored-group.ts'
import { readCounts, type ValuesChange, valueAfter, writeCounts } from './values.ts'

/** The name of an aggregate's groups in dependencies and changes. */
export function groupEntries(name: string): string {
  return `groups:${name}`
}

/** The name that the rows behind its groups have there, by group. */
export function memberEntries(name: string): string {
  return `rows:${name}`
}

/** One build of an aggregate; `id` names it in the group. */
export function createAggregatePart(id: string, definition: AggregateDefinition, build: number): Part {
  const names = Object.keys(definition.measures)
  const layout: Layout = {
    definition,
    measures: Object.values(definition.measures),
    groups: `${id}#${build}:groups`,
    values: names.map((name) => `${id}#${build}:values:${name}`),
  }
  const counted = layout.values.filter((_, i) => startDelta(layout.measures[i]!.kind).type === 'values')
  return {
    build,
    entries: groupEntries(definition.name),
    members: memberEntries(definition.name),
    maps: [layout.groups, ...counted],
    stage: () => stageAggregate(layout),
  }
}

interface Layout {
  readonly definition: AggregateDefinition
  readonly measures: readonly Measure[]
  /** The map of groups. */
  readonly groups: string
  /** By measure, the map of its values. */
  readonly values: readonly string[]
}

/** What a run does to one group. */
interface GroupDelta {
  readonly group: KeyPart | readonly KeyPart[]
  readonly key: string
  /** The beginning of its keys in the maps of values: with its length, so that no group begins another. */
  readonly prefix: string
  rows: number
  readonly measures: readonly MeasureDelta[]
}

/** A group as it will be. */
interface GroupAfter {
  readonly key: string
  readonly stored: StoredGroup | undefined
  readonly values: readonly ValuesChange[]
}

/** Deltas by group: by the part itself where a group has but one, by the tuple's key where it has several. */
interface Deltas {
  readonly byPart: Map<KeyPart, GroupDelta>
  readonly byKey: Map<string, GroupDelta>
}

function stageAggregate(layout: Layout): StagedPart {
  const deltas: Deltas = { byPart: new Map(), byKey: new Map() }
  let after: readonly GroupAfter[] = []
  return {
    add(changes) {
      for (const change of changes) addChange(layout, deltas, change)
    },
    async settle(state: ReadableState) {
      const changed = [...deltas.byKey.values()].filter(isGroupChange)
      if (changed.length > 0)
        after = await state.read((reader) => changed.map((delta) => settleGroup(layout, reader, delta)))
    },
    install(write) {
      for (const group of after) installGroup(layout, write, group)
    },
    touched: () => after.map(({ key }) => key),
    touchedMembers: () => [...deltas.byKey.keys()],
  }
}

function addChange(layout: Layout, deltas: Deltas, { key, before, after }: RowChange): void {
  try {
    if (before !== undefined) countRow(layout, deltas, before, -1)
    if (after !== undefined) countRow(layout, deltas, after, 1)
  } catch (error) {
    const view = layout.definition.name
    throw functionFailed(`Aggregate "${view}", for the row "${key}",`, { view, key }, error)
  }
}

function countRow(layout: Layout, deltas: Deltas, row: Json, times: 1 | -1): void {
  const group = layout.definition.groupBy(row)
  if (group === undefined) return
  const delta = deltaOf(layout, deltas, group)
  delta.rows += times
  const { measures } = layout
  for (let i = 0; i < measures.length; i++) countIn(delta.measures[i]!, measures[i]!.value?.(row), times)
}

function deltaOf(layout: Layout, deltas: Deltas, group: KeyPart | readonly KeyPart[]): GroupDelta {
  if (typeof group === 'object' && group !== null) return deltaOfTuple(layout, deltas, group)
  const known = deltas.byPart.get(group)
  if (known) return known
  const delta = deltaOfTuple(layout, deltas, group)
  deltas.byPart.set(group, delta)
  return delta
}

function deltaOfTuple(layout: Layout, deltas: Deltas, group: KeyPart | readonly KeyPart[]): GroupDelta {
  const tuple = groupTuple(group)
  const key = encodeKey(tuple)
  const known = deltas.byKey.get(key)
  if (known) return known
  const delta: GroupDelta = {
    group: typeof group === 'object' && group !== null ? tuple : (tuple[0] ?? null),
    key,
    prefix: encodeKey([tuple.length, ...tuple]),
    rows: 0,
    measures: layout.measures.map(({ kind }) => startDelta(kind)),
  }
  deltas.byKey.set(key, delta)
  return delta
}

/** A group as a tuple; -0 is 0, since JSON has but one. */
export function groupTuple(group: KeyPart | readonly KeyPart[]): readonly KeyPart[] {
  const tuple: readonly KeyPart[] = typeof group === 'object' && group !== null ? group : [group]
  return tuple.map((part) => (part === 0 ? 0 : part))
}

function isGroupChange(delta: GroupDelta): boolean {
  return delta.rows !== 0 || delta.measures.some(isChange)
}

function settleGroup(layout: Layout, reader: StateReader, delta: GroupDelta): GroupAfter {
  const found = reader.get(layout.groups, delta.key)
  const stored = found === undefined ? undefined : asStoredGroup(found)
  const values: ValuesChange[] = []
  const measures = delta.measures.map((measure, i): Json => {
    const before = stored?.[i + 2]
    if (measure.type !== 'values') return mergeMeasure(before, measure)
    const change = readCounts(
      reader,
      layout.measures[i]!.kind,
      layout.values[i]!,
      delta.prefix,
      measure.values,
    )
    values.push(change)
    return valueAfter(reader, change, before)
  })
  const rows = (stored?.[1] ?? 0) + delta.rows
  return { key: delta.key, stored: rows === 0 ? undefined : [delta.group, rows, ...measures], values }
}

function installGroup(layout: Layout, write: Write, { key, stored, values }: GroupAfter): void {
  write(layout.groups, key, freezeJson(stored), key.length + jsonBytes(stored))
  for (const change of values) writeCounts(write, change)
}
