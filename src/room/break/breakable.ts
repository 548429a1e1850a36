/**
 * Folds that can be broken on purpose. Folds are the app's own code, so the demo's worker serves the model with a switch
 * around each: while a view's switch is on, its fold (an aggregate's grouping) throws at the next event, as a bug would, and
 * the engine does with it what it does with any bug. Search and documents run no code of the app, so they have no switch.
 */
import type { DatabaseDefinition } from 'headwater'

type AnyView = DatabaseDefinition['views'][string]
type Table = Extract<AnyView, { kind: 'table' }>

/** What the page sends to its worker: the names of the views that are to fail. */
export interface SwitchMessage {
  readonly broken: readonly string[]
}

export function isSwitchMessage(data: unknown): data is SwitchMessage {
  return typeof data === 'object' && data !== null && 'broken' in data && Array.isArray(data.broken)
}

/** Whether a view has code of the app in it that can be made to throw. */
export const isBreakable = ({ kind }: Pick<AnyView, 'kind'>): boolean =>
  kind === 'table' || kind === 'aggregate'

/** The same definition, whose folds throw while `broken` has their view's name. */
export function makeBreakable<Definition extends DatabaseDefinition>(
  definition: Definition,
  broken: ReadonlySet<string>,
): DatabaseDefinition {
  const throwIfBroken = (name: string): void => {
    if (broken.has(name)) throw new Error(`broken on purpose, in the machine room (${name})`)
  }
  const tables = new Map<string, Table>()
  for (const view of Object.values(definition.views)) {
    if (view.kind === 'table') tables.set(view.name, breakableTable(view, throwIfBroken))
  }
  const views = Object.entries(definition.views).map(([property, view]) => [
    property,
    breakableView(view, tables, throwIfBroken),
  ])
  return { ...definition, views: Object.fromEntries(views) }
}

function breakableTable(table: Table, throwIfBroken: (name: string) => void): Table {
  const rules = table.rules.map((rule) => ({
    ...rule,
    fold: (...args: Parameters<typeof rule.fold>) => {
      throwIfBroken(table.name)
      return rule.fold(...args)
    },
  }))
  return { ...table, rules }
}

function breakableView(
  view: AnyView,
  tables: ReadonlyMap<string, Table>,
  throwIfBroken: (name: string) => void,
): AnyView {
  switch (view.kind) {
    case 'table':
      return tables.get(view.name) ?? view
    case 'aggregate': {
      const groupBy: typeof view.groupBy = (row) => {
        throwIfBroken(view.name)
        return view.groupBy(row)
      }
      return { ...view, table: tables.get(view.table.name) ?? view.table, groupBy }
    }
    case 'search':
      return { ...view, table: tables.get(view.table.name) ?? view.table }
    case 'documents':
      return view
  }
}
