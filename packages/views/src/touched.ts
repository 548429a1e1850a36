/**
 * What an event concerns, by the key functions of the tables that fold it and the views of documents that merge it: the other
 * direction of a row's history. A function that throws concerns nothing here; folding the event will say so.
 */
import type { StoredEvent } from '@headwater/log'
import type { AnyView, TableDefinition } from './definition.ts'
import { table } from './table/define.ts'
import { createTableRules } from './table/rules.ts'
import type { Touched } from './views.ts'

/** What events concern. */
export interface Concerns {
  /** The rows and documents, in the order of definition. */
  readonly touched: (event: StoredEvent) => readonly Touched[]
  /** All that the event is about: the keys of its own type, then those of the views. Each once. */
  readonly keysOf: (event: StoredEvent) => readonly string[]
}

type KeysOf = (event: StoredEvent) => string | readonly string[]

/** What events concern among these views. */
export function createConcerns(definitions: readonly AnyView[]): Concerns {
  const tables = definitions.flatMap((definition) => tableOf(definition) ?? [])
  const rules = tables.map((each) => ({ view: each.name, keysOf: createTableRules(each).keysOf }))
  const types = new Map(tables.flatMap((each) => each.rules.map(({ event }) => [event.type, event])))
  const ownKeys: KeysOf = (event) => types.get(event.type)?.key?.(event.data) ?? []
  const touched = (event: StoredEvent): readonly Touched[] =>
    rules.flatMap(({ view, keysOf }) => eventKeys(keysOf, event).map((key) => ({ view, key })))
  return {
    touched,
    keysOf: (event) => [...new Set([...eventKeys(ownKeys, event), ...touched(event).map(({ key }) => key)])],
  }
}

/** The keys that a function tells of an event; none where it fails, or this build cannot read the event. */
export function eventKeys(keysOf: KeysOf, event: StoredEvent): readonly string[] {
  if (event.fault) return []
  try {
    const keys = keysOf(event)
    return typeof keys === 'string' ? [keys] : keys
  } catch {
    return [] // whoever folds it says so
  }
}

/** Documents are keyed as a table of their event is. */
function tableOf(definition: AnyView): TableDefinition | undefined {
  if (definition.kind === 'table') return definition
  if (definition.kind === 'documents') return table(definition.name).on(definition.event, (row) => row)
  return undefined
}
