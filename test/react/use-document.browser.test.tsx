// `useDocument` opens what a component shows, and lets go of it, whatever comes first.

import { type OpensDocuments, useDocument } from '@headwater/react'
import { act, type ReactNode, StrictMode } from 'react'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { render } from './render.ts'

/** Counts what is open, by id. */
function script(): { readonly view: OpensDocuments; readonly open: Map<string, number> } {
  const open = new Map<string, number>()
  const count = (id: string, by: number): unknown => open.set(id, (open.get(id) ?? 0) + by)
  const view: OpensDocuments = {
    async open(id) {
      if (id === 'none') throw new Error('no such document')
      count(id, 1)
      const doc = new Y.Doc({ guid: id })
      return { doc, close: async () => void count(id, -1) }
    },
  }
  return { view, open }
}

function Note({ view, id }: { readonly view: OpensDocuments; readonly id: string }): ReactNode {
  const { status, doc, error } = useDocument(view, id)
  return `${status} ${doc?.guid ?? ''} ${error instanceof Error ? error.message : ''}`
}

test('a document is open exactly while it is shown, also under StrictMode', async () => {
  const { view, open } = script()
  const show = (id: string): ReactNode => (
    <StrictMode>
      <Note view={view} id={id} />
    </StrictMode>
  )
  const page = await render(show('a'))
  await act(async () => undefined)
  expect(page.text()).toBe('ready a ')
  expect(open.get('a')).toBe(1)
  await page.render(show('b'))
  await act(async () => undefined)
  expect(page.text()).toBe('ready b ')
  expect([open.get('a'), open.get('b')]).toEqual([0, 1])
  await page.render(show('none'))
  await act(async () => undefined)
  expect(page.text()).toBe('error  no such document')
  await page.unmount()
  await act(async () => undefined)
  expect([open.get('a'), open.get('b')]).toEqual([0, 0])
})
