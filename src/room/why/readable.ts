/**
 * Views by name, as places that show any view need them: with the methods that all tables, or all aggregates, have. What is
 * shown is of the moment that the page shows.
 */
import type { GroupRows, HistoryEntry, KeyPart, Page, Query } from 'headwater'
import { useTracker } from '../../database.ts'
import { useViews } from '../../moment.ts'

/** Any table. */
export interface AnyTable {
  get(key: string): Query<unknown>
  page(index: 'key', options: { readonly limit: number }): Query<Page<unknown>>
  history(key: string): Query<readonly HistoryEntry[]>
}

/** Any aggregate. */
export interface AnyAggregate {
  range(options: { readonly limit: number }): Query<readonly AnyGroup[]>
  rows(group: KeyPart | readonly KeyPart[], options: { readonly limit: number }): Query<GroupRows<unknown>>
}

export type AnyGroup = { readonly group: KeyPart | readonly KeyPart[] } & Readonly<Record<string, unknown>>

export function useTable(name: string): AnyTable | undefined {
  const view = useShownView(name)
  return isTable(view) ? view : undefined
}

export function useAggregate(name: string): AnyAggregate | undefined {
  const view = useShownView(name)
  return isAggregate(view) ? view : undefined
}

/** Of the moment that the page shows where that has it, else as of now. */
function useShownView(name: string): unknown {
  const now = useTracker().views
  return Reflect.get(useViews(), name) ?? Reflect.get(now, name)
}

const isTable = (view: unknown): view is AnyTable =>
  typeof view === 'object' && view !== null && 'history' in view && 'page' in view

const isAggregate = (view: unknown): view is AnyAggregate =>
  typeof view === 'object' && view !== null && 'rows' in view && 'range' in view
