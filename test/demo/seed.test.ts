// The first content of a description's document: the same wherever it is made, so that two people who begin at once do not
// have the text twice.
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { plainText, ROOT, seedOf } from '../../src/issues/editor/seed.ts'

/** A replica that begins with the text and writes at a place of it. */
function begin(text: string, at: number, written: string): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, seedOf(text))
  doc.getText(ROOT).insert(at, written)
  return doc
}

function exchange(one: Y.Doc, other: Y.Doc): readonly string[] {
  Y.applyUpdate(one, Y.encodeStateAsUpdate(other))
  Y.applyUpdate(other, Y.encodeStateAsUpdate(one))
  return [one, other].map((doc) => doc.getText(ROOT).toJSON())
}

test('two who begin with one text at once have it once, with what both wrote', () => {
  const merged = exchange(begin('At night.', 0, 'Only. '), begin('At night.', 9, ' In rain.'))
  expect(merged).toEqual(['Only. At night. In rain.', 'Only. At night. In rain.'])
})

test('two who begin with different texts lose neither, and agree', () => {
  const [one, other] = exchange(begin('At night.', 0, ''), begin('By day.', 0, ''))
  expect(one).toBe(other)
  expect(one).toContain('At night.')
  expect(one).toContain('By day.')
})

test('a text that came from elsewhere has the line breaks that the editor counts', () => {
  expect(plainText('a\r\nb\rc\nd')).toBe('a\nb\nc\nd')
})
