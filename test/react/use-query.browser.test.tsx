// `useQuery` against a scripted database, in Chromium: what it shows, how often it renders, what it holds on to.

import { HeadwaterError } from '@headwater/log'
import { DatabaseProvider, useDatabase, useQuery } from '@headwater/react'
import type { DatabaseAt } from 'headwater'
import { act, type ReactNode, StrictMode, startTransition, useState } from 'react'
import { expect, test } from 'vitest'
import { Closed, closeAll, openings, open as openReal, tracker } from '../database/world.ts'
import { render } from './render.ts'
import { createScriptedDatabase, type ScriptedDatabase } from './scripted-database.ts'

interface ShownProps {
  readonly db: ScriptedDatabase
  readonly ask: string | null
  readonly keepPrevious?: boolean
  readonly onRender?: (data: unknown) => void
}

function Shown({ db, ask, keepPrevious, onRender }: ShownProps): ReactNode {
  const { status, data, error } = useQuery<unknown>(
    ask === null ? null : db.ask(ask),
    keepPrevious === undefined ? {} : { keepPrevious },
  )
  onRender?.(data)
  return `${status}:${data === undefined ? '' : JSON.stringify(data)}${error?.code ?? ''}`
}

test('a component shows loading, then each answer', async () => {
  const db = createScriptedDatabase()
  const page = await render(<Shown db={db} ask="a" />)
  expect(page.text()).toBe('loading:')
  await act(async () => db.answer('a', 1))
  expect(page.text()).toBe('ready:1')
  await act(async () => db.answer('a', 2))
  expect(page.text()).toBe('ready:2')
  await page.unmount()
  expect(db.subscribers('a')).toBe(0)
})

test('a query made anew at every render is one subscription', async () => {
  const db = createScriptedDatabase()
  const page = await render(<Shown db={db} ask="a" />)
  await act(async () => db.answer('a', 1))
  for (let i = 0; i < 3; i++) await page.render(<Shown db={db} ask="a" />)
  expect([db.subscribers('a'), db.starts('a')]).toEqual([1, 1])
  expect(page.text()).toBe('ready:1')
})

test("StrictMode's double mount keeps one subscription, begun once", async () => {
  const db = createScriptedDatabase()
  const page = await render(
    <StrictMode>
      <Shown db={db} ask="a" />
    </StrictMode>,
  )
  expect([db.subscribers('a'), db.starts('a')]).toEqual([1, 1])
  await page.unmount()
  expect(db.subscribers('a')).toBe(0)
})

test('an equal answer keeps its reference and renders nothing again (D3)', async () => {
  const db = createScriptedDatabase()
  const seen: unknown[] = []
  const page = await render(<Shown db={db} ask="a" onRender={(data) => seen.push(data)} />)
  const rows = [{ id: 1 }]
  const state = { status: 'ready', data: rows, error: undefined } as const
  await act(async () => db.tell('a', state))
  const renders = seen.length
  await act(async () => db.tell('a', state))
  expect(seen).toHaveLength(renders)
  await page.render(<Shown db={db} ask="a" onRender={(data) => seen.push(data)} />)
  expect(seen.at(-1)).toBe(rows)
})

test('a changed query moves the subscription and shows nothing of the old one', async () => {
  const db = createScriptedDatabase()
  const seen: unknown[] = []
  const onRender = (data: unknown): void => void seen.push(data)
  const page = await render(<Shown db={db} ask="a" onRender={onRender} />)
  await act(async () => db.answer('a', 'of a'))
  seen.length = 0
  await page.render(<Shown db={db} ask="b" onRender={onRender} />)
  expect(page.text()).toBe('loading:')
  expect([db.subscribers('a'), db.subscribers('b')]).toEqual([0, 1])
  await act(async () => db.answer('b', 'of b'))
  expect(page.text()).toBe('ready:"of b"')
  expect(seen).not.toContain('of a')
})

test('with keepPrevious the last answer stays as stale until the new one is there', async () => {
  const db = createScriptedDatabase()
  const page = await render(<Shown db={db} ask="a" keepPrevious />)
  await act(async () => db.answer('a', 1))
  await page.render(<Shown db={db} ask="b" keepPrevious />)
  expect(page.text()).toBe('stale:1')
  await page.render(<Shown db={db} ask="c" keepPrevious />)
  expect(page.text()).toBe('stale:1')
  await act(async () => db.answer('c', 3))
  expect(page.text()).toBe('ready:3')
})

test('with keepPrevious an error of the new query is shown, and a pause forgets the old answer', async () => {
  const db = createScriptedDatabase()
  const page = await render(<Shown db={db} ask="a" keepPrevious />)
  await act(async () => db.answer('a', 1))
  await page.render(<Shown db={db} ask="b" keepPrevious />)
  await act(async () => db.tell('b', { status: 'error', data: undefined, error: invalid }))
  expect(page.text()).toBe('error:QUERY_INVALID')
  await page.render(<Shown db={db} ask={null} keepPrevious />)
  await page.render(<Shown db={db} ask="c" keepPrevious />)
  expect(page.text()).toBe('loading:')
})

test('without a query nothing is asked, and one may come later', async () => {
  const db = createScriptedDatabase()
  const page = await render(<Shown db={db} ask={null} />)
  expect(page.text()).toBe('loading:')
  await page.render(<Shown db={db} ask="a" />)
  await act(async () => db.answer('a', 1))
  expect(page.text()).toBe('ready:1')
  await page.render(<Shown db={db} ask={null} />)
  expect([page.text(), db.subscribers('a')]).toEqual(['loading:', 0])
})

test('a component that goes while its query loads leaves nothing behind', async () => {
  const db = createScriptedDatabase()
  const page = await render(<Shown db={db} ask="a" />)
  await page.unmount()
  expect(db.subscribers('a')).toBe(0)
  await act(async () => db.answer('a', 1))
  expect(page.text()).toBe('')
})

test('stale and error states are shown with their error', async () => {
  const db = createScriptedDatabase()
  const page = await render(<Shown db={db} ask="a" />)
  await act(async () => db.tell('a', { status: 'stale', data: 1, error: invalid }))
  expect(page.text()).toBe('stale:1QUERY_INVALID')
  await act(async () => db.tell('a', { status: 'error', data: undefined, error: invalid }))
  expect(page.text()).toBe('error:QUERY_INVALID')
})

interface SlowProps {
  readonly db: ScriptedDatabase
  /** Takes its time, so that React pauses between one of these and the next. */
  readonly work: () => void
}

function Slow({ db, work }: SlowProps): ReactNode {
  const { data } = useQuery<number>(db.ask('a'))
  work()
  return `${data} `
}

function workFor3Ms(): void {
  const until = performance.now() + 3
  while (performance.now() < until);
}

const EIGHT = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

interface RemountingProps {
  readonly db: ScriptedDatabase
  readonly onRender: (remount: () => void) => void
}

function Remounting({ db, onRender }: RemountingProps): ReactNode {
  const [turn, setTurn] = useState(0)
  onRender(() => startTransition(() => setTurn(turn + 1)))
  return EIGHT.map((name) => <Slow key={name + turn} db={db} work={workFor3Ms} />)
}

test('components with one question never show two answers in one commit', async () => {
  const db = createScriptedDatabase()
  const torn: string[] = []
  let remount = (): void => {}
  const page = await render(
    <Remounting
      db={db}
      onRender={(next) => {
        remount = next
      }}
    />,
  )
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })
  for (let i = 0; i < 10; i++) {
    remount()
    // React has rendered some of the eight when this comes.
    await new Promise((resolve) => setTimeout(resolve, 8))
    db.answer('a', i)
    if (new Set(page.text().trim().split(' ')).size > 1) torn.push(page.text())
  }
  await expect.poll(page.text).toBe('9 '.repeat(8))
  expect(torn).toEqual([])
})

function AskingProvided({ databases }: { readonly databases: readonly ScriptedDatabase[] }): ReactNode {
  const { name } = useDatabase()
  const db = databases.find((each) => each.name === name)
  const { data } = useQuery<string>(db?.ask('a'), { keepPrevious: true })
  return data ?? 'nothing'
}

test('another database under the provider is asked anew, also with an equal key', async () => {
  const [one, two] = [createScriptedDatabase('one'), createScriptedDatabase('two')]
  const show = (db: ScriptedDatabase): ReactNode => (
    <DatabaseProvider database={db}>
      <AskingProvided databases={[one, two]} />
    </DatabaseProvider>
  )
  const page = await render(show(one))
  await act(async () => one.answer('a', 'of one'))
  await page.render(show(two))
  expect(page.text()).toBe('nothing')
  expect([one.subscribers('a'), two.subscribers('a')]).toEqual([0, 1])
  await act(async () => two.answer('a', 'of two'))
  expect(page.text()).toBe('of two')
})

test('a query that is taken over by another component in one turn is not begun anew', async () => {
  const db = createScriptedDatabase()
  const page = await render(<Shown key="first" db={db} ask="a" />)
  await act(async () => db.answer('a', 1))
  await page.render(<Shown key="second" db={db} ask="a" />)
  expect([page.text(), db.starts('a')]).toEqual(['ready:1', 1])
})

const invalid = new HeadwaterError('QUERY_INVALID', 'The query cannot be answered.', { hint: 'Ask another.' })

function Closing({ at }: { readonly at: DatabaseAt<typeof tracker.views> }): ReactNode {
  const { status, data } = useQuery(at.views.points.get('closed'))
  return `${at.offset} ${status}: ${data?.issues ?? 'none'}`
}

test('a query of the past is shown like a live one, and stays as it is', async () => {
  const db = await openReal(tracker)
  await db.append(openings(2))
  await db.append(Closed({ id: 'i1' }))
  const [before, after] = [await db.at(2), await db.at(3)]
  const page = await render(<Closing at={before} />)
  await expect.poll(() => page.text()).toBe('2 ready: none')
  await page.render(<Closing at={after} />)
  await expect.poll(() => page.text()).toBe('3 ready: 1')
  await db.append(Closed({ id: 'i0' }))
  await db.settled()
  expect(page.text()).toBe('3 ready: 1')
  await page.unmount()
  await closeAll()
})
