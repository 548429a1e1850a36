/**
 * A document as long as a component shows it: opened when it mounts, or when the id changes, and let go of when it unmounts.
 */
import type { OpenDocument } from 'headwater/documents'
import { useEffect, useState } from 'react'

/** What `useDocument` needs of a view of documents. */
export interface OpensDocuments {
  open(id: string): Promise<Pick<OpenDocument, 'doc' | 'close'>>
}

/** What is known of the document. */
export type DocumentState =
  | { readonly status: 'loading'; readonly doc: undefined; readonly error: undefined }
  | { readonly status: 'ready'; readonly doc: OpenDocument['doc']; readonly error: undefined }
  | { readonly status: 'error'; readonly doc: undefined; readonly error: unknown }

const LOADING: DocumentState = { status: 'loading', doc: undefined, error: undefined }

/** `const { doc } = useDocument(db.views.notes, id)`: a live `Y.Doc` for an editor's binding, once it is there. */
export function useDocument(view: OpensDocuments, id: string): DocumentState {
  const [shown, setShown] = useState<{ readonly id: string; readonly state: DocumentState }>()
  useEffect(() => {
    let isShown = true
    const opening = view.open(id)
    const show = (state: DocumentState): void => {
      if (isShown) setShown({ id, state })
    }
    opening.then(
      ({ doc }) => show({ status: 'ready', doc, error: undefined }),
      (error: unknown) => show({ status: 'error', doc: undefined, error }),
    )
    return () => {
      isShown = false
      // What could not be stored is still being tried: the document stays open until it is.
      opening.then((opened) => opened.close()).catch(() => undefined)
    }
  }, [view, id])
  return shown?.id === id ? shown.state : LOADING
}
