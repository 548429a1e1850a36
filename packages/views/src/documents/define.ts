/**
 * `documents(…)`: declares a view of collaborative documents, which merge by themselves (Yjs). A definition is plain, frozen
 * data; what is wrong is refused where it is written (`DEFINITION_INVALID`). Yjs is loaded only where the view folds, and on
 * the page when a document is opened.
 */
import type { DocumentsDefinition, DocumentText } from '../definition.ts'
import { checkName, checkVersion, refuseDefinition } from '../definition-checks.ts'
import { defineDocumentEvent } from './event.ts'

/** Options of `documents`. */
export interface DocumentsOptions {
  /** From 1 (the default); raise it to have the documents folded anew. */
  readonly version?: number
}

/**
 * Declares a view of documents: `documents('notes')`. Their updates are events of a type of their own, which need not be
 * listed. Errors: `DEFINITION_INVALID` for an empty name or a bad version.
 */
export function documents<const Name extends string>(
  name: Name,
  options: DocumentsOptions = {},
): DocumentsDefinition<Name> {
  checkName('view of documents', name)
  checkVersion(`"${name}"`, options.version)
  return Object.freeze<DocumentsDefinition<Name>>({
    kind: 'documents',
    name,
    version: options.version ?? 1,
    event: defineDocumentEvent(name),
    load: () => import('./runtime.ts'),
  })
}

/**
 * A field of a search index that is the text of a document, the one whose id is the row's key:
 * `search('found', issues, { fields: { title: 2, body: document(notes) } })`. `weight` is 1 where nothing is said.
 */
export function document(of: DocumentsDefinition, options: { readonly weight?: number } = {}): DocumentText {
  if (of?.kind !== 'documents') {
    refuseDefinition('a field is of no documents', 'Hand `document` a view, as `documents(…)` gives it.')
  }
  return Object.freeze<DocumentText>({ of, weight: options.weight ?? 1 })
}
