/**
 * Open documents, before any is opened: what keeps them is loaded, with Yjs, when the first is, so that a page without
 * documents carries no more of them than this file.
 */
import { latePart } from '@headwater/log'
import type { DocumentsDefinition } from '@headwater/views'
import type { OpenDocument } from '../documents/document-handle.ts'
import type { DocumentHost } from '../documents/live-document.ts'
import type { OpenDocuments } from '../documents/open.ts'
import type { Freshness } from '../query.ts'

/** The documents of a client. */
export interface LazyDocuments {
  /** `open` of a view's face. */
  readonly open: (view: DocumentsDefinition) => (id: string, options?: Freshness) => Promise<OpenDocument>
  /** Stores what was typed; nothing to wait for where no document was opened. */
  readonly flush: () => Promise<void> | undefined
  /** The same, for the last time. */
  readonly end: () => Promise<void> | undefined
}

/** Nothing loaded yet. */
export function createDocuments(host: DocumentHost): LazyDocuments {
  const part = latePart('documents', async () =>
    (await import('../documents/open.ts')).createOpenDocuments(host),
  )
  let loading: Promise<OpenDocuments> | undefined
  return {
    open:
      (view) =>
      async (id, { atLeast, deadlineMs, signal } = {}) => {
        loading = part()
        return (await loading).open(view, id, { atLeast, deadlineMs, signal })
      },
    flush: () => loading?.then((documents) => documents.flushAll()),
    end: () => loading?.then((documents) => documents.end()),
  }
}
