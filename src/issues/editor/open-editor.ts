/**
 * The editor of a description: CodeMirror over a document that several people write in at once. A description that nobody
 * has written in yet is still the plain text: it is shown as it is, and only the first change makes a document of
 * it, so that reading stores nothing.
 */
import { markdown } from '@codemirror/lang-markdown'
import { ChangeSet, Compartment, type Extension, Prec, type Transaction } from '@codemirror/state'
import { keymap, placeholder } from '@codemirror/view'
import { EditorView, minimalSetup } from 'codemirror'
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next'
import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { plainText, ROOT, seedOf } from './seed.ts'

export interface EditorOptions {
  readonly parent: HTMLElement
  readonly doc: Y.Doc
  /** The plain text, for as long as nobody has written. */
  readonly body: string
  /** Cursors of others; nothing where the database does not sync. */
  readonly awareness: Awareness | undefined
  /** The first change has made a document of the plain text. */
  readonly onBegun: () => void
}

/** Shows the editor until the returned function is called. */
export function openEditor({ parent, doc, body, awareness, onBegun }: EditorOptions): () => void {
  const text = doc.getText(ROOT)
  const plain = plainText(body)
  const undoManager = new Y.UndoManager(text)
  const binding = new Compartment()
  const bound = (): Extension => yCollab(text, awareness, { undoManager })
  const isWritten = (): boolean => doc.store.clients.size > 0
  let isBound = isWritten() || plain === ''

  const bind = (): void => {
    isBound = true
    const changes = { from: 0, to: view.state.doc.length, insert: text.toJSON() }
    view.update([view.state.update(view.state.doc.toString() === changes.insert ? {} : { changes })])
    view.update([view.state.update({ effects: binding.reconfigure(bound()) })])
  }
  const begin = (transactions: readonly Transaction[]): void => {
    const last = transactions.at(-1)
    if (last === undefined) return
    const changes = transactions.reduce(
      (all, one) => all.compose(one.changes),
      ChangeSet.empty(view.state.doc.length),
    )
    isBound = true
    Y.applyUpdate(doc, seedOf(plain), view)
    bind()
    view.dispatch({ changes, selection: last.newSelection, scrollIntoView: true })
    onBegun()
  }
  const view = new EditorView({
    parent,
    doc: isBound ? text.toJSON() : plain,
    extensions: [
      Prec.highest(keymap.of(yUndoManagerKeymap)),
      minimalSetup,
      markdown(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'Description', spellcheck: 'true' }),
      placeholder('What is it about? Everybody can write here, at the same time.'),
      binding.of(isBound ? bound() : []),
    ],
    dispatchTransactions: (transactions) => {
      if (isBound || !transactions.some(({ docChanged }) => docChanged)) view.update(transactions)
      else begin(transactions)
    },
  })
  const bindWhenWritten = (): void => {
    if (!isBound && isWritten()) bind()
  }
  doc.on('update', bindWhenWritten)
  return () => {
    doc.off('update', bindWhenWritten)
    view.destroy()
    undoManager.destroy()
  }
}
