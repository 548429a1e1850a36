/**
 * A group's table as its derived views see it. Rows are told of once they are whole: until then there is none, and the
 * position is the origin.
 */
import { type Json, type Offset, ORIGIN } from '@headwater/log'
import { ROWS } from '../table/maps.ts'
import type { TableReader } from '../table/reader.ts'
import { createTableRules } from '../table/rules.ts'
import { explain, rebuilding } from './answer.ts'
import type { GroupCore } from './core.ts'
import { readRows } from './finish.ts'
import type { GroupUnit } from './unit.ts'

/** The reader of a group's table. */
export function createTableReader(unit: GroupUnit): TableReader {
  const { table } = unit.options.definition
  const rules = createTableRules(table)
  const mustBeWhole = (): GroupCore => {
    if (unit.core?.whole) return unit.core
    throw rebuilding(unit, table.name)
  }
  const position = (): Offset => (unit.core?.whole ? unit.core.position : ORIGIN)
  return {
    get position() {
      return position()
    },
    get reached() {
      return position()
    },
    get generation() {
      return unit.core?.state.generation ?? 0
    },
    types: rules.types,
    get stopped() {
      return unit.error !== undefined
    },
    get paused() {
      return unit.paused
    },
    get(keys) {
      const core = mustBeWhole()
      const rows = core.state.read((reader): readonly (Json | undefined)[] =>
        keys.map((key) => reader.get(ROWS, key)),
      )
      return rows instanceof Promise ? rows.catch((error: unknown) => explain(unit, core, error)) : rows
    },
    keysOf(event) {
      try {
        const keys = event.fault ? [] : rules.keysOf(event)
        return typeof keys === 'string' ? [keys] : keys
      } catch {
        return [] // the table itself is parked at this event
      }
    },
    onRowChanges: (listener) => unit.rowChanges.add(listener),
    async scan(afterKey, limit) {
      const core = mustBeWhole()
      try {
        return await readRows(core, afterKey, limit)
      } catch (error) {
        return explain(unit, core, error)
      }
    },
    async count() {
      const core = mustBeWhole()
      try {
        return await core.state.read((reader) => reader.count(ROWS, {}))
      } catch (error) {
        return explain(unit, core, error)
      }
    },
  }
}
