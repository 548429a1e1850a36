/** What a view is derived from, by its definition. */
import type { DatabaseDefinition } from 'headwater'

type AnyView = DatabaseDefinition['views'][string]

/** Names of the views that a view is derived from; none for what is folded from the log. */
export function parentsOf(view: AnyView): readonly string[] {
  switch (view.kind) {
    case 'table':
    case 'documents':
      return []
    case 'aggregate':
      return [view.table.name]
    case 'search':
      return [view.table.name, ...Object.values(view.documents).map(({ name }) => name)]
  }
}
