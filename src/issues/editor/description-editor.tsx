/** A description that can be written in, with everybody who does. Loaded when an issue is opened. */
import { useDocument } from '@headwater/react'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Doc } from 'yjs'
import { useTracker } from '../../database.ts'
import type { Issue } from '../../model.ts'
import { Fault } from '../../page/fault.tsx'
import { faultOf } from '../../page/fault-of.ts'
import { tellFailure } from '../../page/notice-store.ts'
import { described } from '../drafts.ts'
import { PlainDescription } from '../plain-description.tsx'
import { showCursors } from './cursors.ts'
import { openEditor } from './open-editor.ts'

export function DescriptionEditor({ issue: { id, body } }: { readonly issue: Issue }): ReactNode {
  const { doc, error } = useDocument(useTracker().views.descriptions, id)
  if (error !== undefined) return <Fault what="Opening the description" error={faultOf(error)} />
  return doc === undefined ? <PlainDescription text={body} /> : <Editor id={id} doc={doc} body={body} />
}

interface EditorProps {
  readonly id: string
  readonly doc: Doc
  readonly body: string
}

function Editor({ id, doc, body }: EditorProps): ReactNode {
  const db = useTracker()
  const parent = useRef<HTMLDivElement>(null)
  // The text with which it was opened: it changes once more, to nothing, when the document takes its place.
  const plain = useRef(body)
  useEffect(() => {
    if (parent.current === null) return
    const cursors = db.presence && showCursors(db.presence, id, doc)
    const close = openEditor({
      parent: parent.current,
      doc,
      body: plain.current,
      awareness: cursors?.awareness,
      onBegun: () => void db.append(described(id)).catch(tellFailure('Storing the description')),
    })
    return () => {
      close()
      cursors?.stop()
    }
  }, [db, id, doc])
  return <div ref={parent} className="editor" />
}
