/**
 * The first content of a description's document: the text that the issue was opened with, as one insertion that is the same
 * wherever it is made. Two people who begin to write at once both insert it, and it is there once, since it has the same
 * author and clock for Yjs. Another text has another author.
 */
import * as Y from 'yjs'

/** The root that holds the text. */
export const ROOT = 'body'

/** Line breaks as the editor has them: it counts each as one character. */
export const plainText = (text: string): string => text.replace(/\r\n?/g, '\n')

export function seedOf(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = hashOf(text)
  doc.getText(ROOT).insert(0, text)
  const update = Y.encodeStateAsUpdate(doc)
  doc.destroy()
  return update
}

/** FNV-1a (Fowler, Noll, Vo) over UTF-16 units, in 32 bits; never 0. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0 || 1
}
