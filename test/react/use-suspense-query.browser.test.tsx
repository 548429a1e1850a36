// `useSuspenseQuery` against a scripted database, in Chromium: fallbacks, error boundaries, transitions, and that no
// subscription is left behind by components that React forgot.

import { HeadwaterError } from '@headwater/log'
import { DatabaseProvider, useSuspenseQuery } from '@headwater/react'
import { act, Component, type ReactNode, StrictMode, Suspense, startTransition, useState } from 'react'
import { expect, test } from 'vitest'
import { type Rendered, render } from './render.ts'
import { createScriptedDatabase, type ScriptedDatabase } from './scripted-database.ts'

function Answer({ db, ask }: { readonly db: ScriptedDatabase; readonly ask: string }): ReactNode {
  const { data, status } = useSuspenseQuery<unknown>(db.ask(ask))
  return `${status}:${String(data)} `
}

class Boundary extends Component<{ readonly children: ReactNode }> {
  override readonly state: { readonly error?: unknown } = {}
  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error }
  }
  override render(): ReactNode {
    const { error } = this.state
    return error instanceof HeadwaterError ? error.code : this.props.children
  }
}

function show(db: ScriptedDatabase, children: ReactNode): Promise<Rendered> {
  const element = (
    <StrictMode>
      <DatabaseProvider database={db}>
        <Boundary>
          <Suspense fallback="waiting">{children}</Suspense>
        </Boundary>
      </DatabaseProvider>
    </StrictMode>
  )
  return render(element, () => undefined)
}

test('the fallback is shown until the answer is there, then the answers as they come', async () => {
  const db = createScriptedDatabase()
  const page = await show(db, <Answer db={db} ask="a" />)
  expect(page.text()).toBe('waiting')
  expect(db.subscribers('a')).toBe(1)
  await act(async () => db.answer('a', 1))
  expect(page.text()).toBe('ready:1 ')
  await act(async () => db.answer('a', 2))
  expect(page.text()).toBe('ready:2 ')
  expect([db.subscribers('a'), db.starts('a')]).toEqual([1, 1])
  await page.unmount()
  expect(db.subscribers('a')).toBe(0)
})

test('several components wait for one question together', async () => {
  const db = createScriptedDatabase()
  const page = await show(db, [<Answer key="1" db={db} ask="a" />, <Answer key="2" db={db} ask="a" />])
  expect(db.subscribers('a')).toBe(1)
  await act(async () => db.answer('a', 1))
  expect(page.text()).toBe('ready:1 ready:1 ')
})

test('a failure without an answer goes to the error boundary', async () => {
  const db = createScriptedDatabase()
  const page = await show(db, <Answer db={db} ask="a" />)
  const error = new HeadwaterError('VIEW_PARKED', 'The view is parked.', { hint: 'Rebuild it.' })
  await act(async () => db.tell('a', { status: 'error', data: undefined, error }))
  expect(page.text()).toBe('VIEW_PARKED')
})

interface ChangingProps {
  readonly db: ScriptedDatabase
  readonly onRender: (setAsk: (ask: string) => void) => void
}

function Changing({ db, onRender }: ChangingProps): ReactNode {
  const [ask, setAsk] = useState('a')
  onRender(setAsk)
  return <Answer db={db} ask={ask} />
}

test('a change in a transition keeps the old answer on the page', async () => {
  const db = createScriptedDatabase()
  let setAsk: (ask: string) => void = () => {}
  const page = await show(
    db,
    <Changing
      db={db}
      onRender={(set) => {
        setAsk = set
      }}
    />,
  )
  await act(async () => db.answer('a', 1))
  await act(async () => startTransition(() => setAsk('b')))
  expect(page.text()).toBe('ready:1 ')
  await act(async () => db.answer('b', 2))
  expect(page.text()).toBe('ready:2 ')
  expect([db.subscribers('a'), db.subscribers('b')]).toEqual([0, 1])
})

test('answers that nobody came back for are held for 64 queries at most', async () => {
  const db = createScriptedDatabase()
  const keys = Array.from({ length: 100 }, (_, i) => `k${i}`)
  const page = await show(
    db,
    keys.map((key) => <Answer key={key} db={db} ask={key} />),
  )
  await page.unmount()
  for (const key of keys) await act(async () => db.answer(key, 1))
  const held = keys.filter((key) => db.subscribers(key) > 0)
  expect(held).toEqual(keys.slice(-held.length))
  expect(held.length).toBeLessThanOrEqual(64)
})
