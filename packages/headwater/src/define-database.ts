/**
 * `defineDatabase`: the declaration of an app's events and views, checked once, where it is written. The builders
 * (`table`, `aggregate`, `search`, `defineEvent`) check what they alone can see; here is checked how the parts fit
 * together. What is refused is refused with `DEFINITION_INVALID` and a hint, so a database that opens contradicts
 * itself nowhere.
 */
import { type EventType, HeadwaterError } from '@headwater/log'
import type { AggregateDefinition, AnyView, SearchDefinition, TableDefinition } from '@headwater/views'
import type { DatabaseDefinition } from './database.ts'

/** What `defineDatabase` is given. */
export interface DatabaseOptions<Views extends Readonly<Record<string, AnyView>>> {
  /** Names the stored database: letters, digits, `_`, `.` and `-`, at most 64. */
  readonly name: string
  /** Every event type that may be appended or folded. */
  readonly events: readonly EventType[]
  /** Views by the property under which `db.views` has them. */
  readonly views: Views
}

/** Declares a database. Imported by the page and by the worker. Errors: `DEFINITION_INVALID`. */
export function defineDatabase<const Views extends Readonly<Record<string, AnyView>>>(
  options: DatabaseOptions<Views>,
): DatabaseDefinition<Views> {
  const { name, events } = options
  const views = Object.values<AnyView>(options.views)
  checkName('database', name)
  checkEvents(events)
  for (const view of views) checkView(view, events, views)
  const own = views.flatMap((view) => (view.kind === 'documents' ? [view.event] : []))
  checkTwins(
    'two views are named',
    views.map((view) => view.name),
  )
  return Object.freeze({
    name,
    events: Object.freeze([...events, ...own]),
    views: Object.freeze({ ...options.views }),
  })
}

function checkEvents(events: readonly EventType[]): void {
  for (const event of events) {
    if (typeof event?.type !== 'string') refuse('`events` holds no event type', 'Use `defineEvent`.')
    if (event.type.startsWith('headwater.')) refuse(`"${event.type}" is an event of its own`, OTHER_NAME)
  }
  checkTwins(
    'two event types are named',
    events.map((event) => event.type),
  )
}

const OTHER_NAME = 'Rename one.'

function checkView(view: AnyView, events: readonly EventType[], views: readonly AnyView[]): void {
  checkName('view', view?.name)
  if (view.kind === 'table') checkTable(view, events)
  else if (view.kind !== 'documents') checkParent(view, views)
}

function checkTable({ name, rules }: TableDefinition, events: readonly EventType[]): void {
  if (rules.length === 0) refuse(`table "${name}" folds nothing`, 'Add `.on(…)`.')
  for (const { event } of rules) {
    if (events.includes(event)) continue
    const twin = events.some(({ type }) => type === event.type)
    refuse(
      `table "${name}" folds "${event.type}", which is not among the events`,
      twin ? 'Another event type of this name is listed: use one for both.' : 'Add it to `events`.',
    )
  }
}

function checkParent(
  { kind, name, table }: AggregateDefinition | SearchDefinition,
  views: readonly AnyView[],
): void {
  if (views.includes(table)) return
  const twin = views.some((view) => view.name === table?.name)
  refuse(
    `${kind} "${name}" is of table "${String(table?.name)}", which is not among the views`,
    twin ? '`.on` and `.index` return new tables: use the last one for both.' : 'Add the table to `views`.',
  )
}

function checkTwins(what: string, names: readonly string[]): void {
  const twin = names.find((name, index) => names.indexOf(name) !== index)
  if (twin !== undefined) refuse(`${what} "${twin}"`, OTHER_NAME)
}

function checkName(what: string, name: unknown): void {
  if (typeof name === 'string' && /^\w[\w.-]{0,63}$/.test(name)) return
  refuse(`"${String(name)}" names no ${what}`, 'Use up to 64 letters, digits, "_", "." and "-".')
}

function refuse(message: string, hint: string): never {
  throw new HeadwaterError('DEFINITION_INVALID', `The definition is refused: ${message}.`, { hint })
}
