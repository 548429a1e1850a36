/**
 * A group's table as its derived views see it. Rows are told of once they are whole: until then there is none, and the
 * position is the origin. None is given that is older than what the group has answered from before.
 */
import { type Json, ORIGIN } from '@headwater/log'
import { ROWS } from '../table/maps.ts'
import type { TableReader } from '../table/reader.ts'
import { createTableRules } from '../table/rules.ts'
import { explain, rebuilding } from './answer.ts'
import type { GroupCore } from './core.ts'
import { readRows } from './finish.ts'
import { type GroupUnit, isAnswering } from './unit.ts'

/** The reader of a group's table. */
export function createTableReader(unit: GroupUnit): TableReader {
  const { table } = unit.options.definition
  const rules = createTableRules(table)
  const mustBeWhole = (): GroupCore => {
    if (unit.core && isAnswering(unit)) return unit.core
    throw rebuilding(unit, table.name)
  }
  return {
    get position() {
      return unit.core?.whole ? unit.core.position : ORIGIN
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
