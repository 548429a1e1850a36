/**
 * A table's rules, ready to run: which keys an event concerns and what one step makes of a row. The author's functions
 * are called here and nowhere else, and what they throw or return is turned into named errors; rows come out normalised
 * as JSON and frozen.
 */
import { type Json, normaliseJson, type StoredEvent } from '@headwater/log'
import type { FoldRule, TableDefinition } from '../definition.ts'
import { eventFacts, functionFailed, notJson } from './failure.ts'
import { freezePlainRow } from './plain-row.ts'

/** The rules of one table. */
export interface TableRules {
  /** Event types that are folded. */
  readonly types: ReadonlySet<string>
  /** The key or keys that an event concerns, each once; none for a type that is not folded. Throws `FOLD_FAILED`. */
  readonly keysOf: (event: StoredEvent) => string | readonly string[]
  /** The row after the event; nothing where there is none. Throws `FOLD_FAILED`, `FOLD_NOT_JSON`. */
  step(row: Json | undefined, event: StoredEvent, key: string): Json | undefined
}

const NO_KEYS: readonly string[] = []

/** Makes a table's rules runnable. */
export function createTableRules(definition: TableDefinition): TableRules {
  const { name } = definition
  const rules = new Map<string, FoldRule>(definition.rules.map((rule) => [rule.event.type, rule]))
  return {
    types: new Set(rules.keys()),
    keysOf(event) {
      const rule = rules.get(event.type)
      return rule === undefined ? NO_KEYS : keysBy(rule, name, event)
    },
    step(row, event, key) {
      const rule = rules.get(event.type)
      return rule === undefined ? row : stepBy(rule, name, row, event, key)
    },
  }
}

function keysBy(rule: FoldRule, table: string, event: StoredEvent): string | readonly string[] {
  let keys: unknown
  try {
    keys = rule.key(event.data)
  } catch (error) {
    throw functionFailed(keyFunction(rule, table), eventFacts(table, event), error)
  }
  if (typeof keys === 'string') return keys
  if (Array.isArray(keys) && keys.every((key) => typeof key === 'string')) {
    return keys.length > 1 ? [...new Set<string>(keys)] : keys
  }
  const found = keys === null ? 'null' : typeof keys
  throw functionFailed(
    keyFunction(rule, table),
    eventFacts(table, event),
    `it returned ${found}, not a text or a list of texts`,
  )
}

function keyFunction(rule: FoldRule, table: string): string {
  return `The key function for "${rule.event.type}" of table "${table}"`
}

function stepBy(
  rule: FoldRule,
  table: string,
  row: Json | undefined,
  event: StoredEvent,
  key: string,
): Json | undefined {
  let next: unknown
  try {
    next = rule.fold(row, event, key)
  } catch (error) {
    throw functionFailed(foldFunction(rule, table, key), { ...eventFacts(table, event), key }, error)
  }
  if (next === undefined || next === null) return undefined
  if (next === row) return row
  const plain = freezePlainRow(next, row, event.data)
  if (plain !== undefined) return plain
  const normal = normaliseJson(next)
  if ('value' in normal) return normal.value
  throw notJson(foldFunction(rule, table, key), { ...eventFacts(table, event), key }, normal)
}

function foldFunction(rule: FoldRule, table: string, key: string): string {
  return `The fold of "${rule.event.type}" in table "${table}", for the row "${key}",`
}
