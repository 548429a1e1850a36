// `useAppend` and `useStatus` against a scripted database, in Chromium, and what is said where no database is.

import type { CommitId, Offset, ReplicaId, Sequence, Timestamp } from '@headwater/log'
import { type Append, DatabaseProvider, useAppend, useDatabase, useStatus } from '@headwater/react'
import type { DatabaseStatus, Receipt } from 'headwater'
import { act, type ReactNode, Suspense } from 'react'
import { expect, test } from 'vitest'
import { type Rendered, render } from './render.ts'
import { createScriptedDatabase, type ScriptedDatabase } from './scripted-database.ts'

const draft = { type: 'noted', version: 1, data: {} }
const receipt: Receipt = {
  commitId: 'c' as CommitId,
  replica: 'r' as ReplicaId,
  firstSequence: 1 as Sequence,
  count: 1,
  offset: 1 as Offset,
  timestamp: 1 as Timestamp,
  held: 'committed',
}

function within(db: ScriptedDatabase | Promise<ScriptedDatabase>, children: ReactNode): Promise<Rendered> {
  return render(
    <Suspense fallback="opening">
      <DatabaseProvider database={db}>{children}</DatabaseProvider>
    </Suspense>,
  )
}

function Form({ onRender }: { readonly onRender: (append: Append) => void }): ReactNode {
  const [append, { pending, error }] = useAppend()
  onRender(append)
  return `${pending} ${error instanceof Error ? error.message : ''}`
}

test('an append is pending until it is stored, and its failure is shown and not unhandled', async () => {
  const db = createScriptedDatabase()
  const functions = new Set<Append>()
  const page = await within(db, <Form onRender={(append) => functions.add(append)} />)
  const [append] = functions
  if (append === undefined) throw new Error('the form was not rendered')
  expect(page.text()).toBe('false ')
  await act(async () => void append(draft))
  await act(async () => void append(draft))
  expect(page.text()).toBe('true ')
  await act(async () => db.appends[0]?.resolve(receipt))
  expect(page.text()).toBe('true ')
  await act(async () => db.appends[1]?.reject(new Error('disk full')))
  expect(page.text()).toBe('false disk full')
  await act(async () => void append(draft))
  expect(page.text()).toBe('true ')
  await act(async () => db.appends[2]?.resolve(receipt))
  expect(page.text()).toBe('false ')
  expect(functions.size).toBe(1)
})

interface PartProps {
  readonly select: (status: DatabaseStatus) => unknown
  readonly onRender?: () => void
}

function Part({ select, onRender }: PartProps): ReactNode {
  const part = useStatus((status) => select(status))
  onRender?.()
  return JSON.stringify(part)
}

function Restarts(): ReactNode {
  return useStatus().restarts
}

test('the status is followed, and a part renders again only when it changed', async () => {
  const db = createScriptedDatabase()
  let renders = 0
  const part = <Part key="part" select={({ state }) => state} onRender={() => void renders++} />
  const page = await within(db, [part, <Restarts key="restarts" />])
  expect(page.text()).toBe('"open"0')
  await act(async () => db.setStatus({ restarts: 1 }))
  expect([page.text(), renders]).toEqual(['"open"1', 1])
  await act(async () => db.setStatus({ state: 'failed' }))
  expect([page.text(), renders]).toEqual(['"failed"1', 2])
})

test('a part that is made anew does not render without end', async () => {
  const db = createScriptedDatabase()
  const page = await within(db, <Part select={({ views, leads }) => ({ count: views.length, leads })} />)
  await act(async () => db.setStatus({ leads: false }))
  expect(page.text()).toBe('{"count":0,"leads":false}')
})

function Name({ name }: { readonly name: string }): ReactNode {
  return useDatabase({ name, events: [], views: {} }).name
}

test('a provider of a promise suspends until the database is open', async () => {
  const db = createScriptedDatabase()
  let open: (db: ScriptedDatabase) => void = () => {}
  const opening = new Promise<ScriptedDatabase>((resolve) => {
    open = resolve
  })
  const page = await within(opening, <Name name="scripted" />)
  expect(page.text()).toBe('opening')
  await act(async () => open(db))
  expect(page.text()).toBe('scripted')
})

test('without a provider, or below the wrong one, the hooks say so', async () => {
  const name = <Name name="tracker" />
  await expect(render(name)).rejects.toThrow('No database here: put <DatabaseProvider database={…}> above.')
  const wrong = <DatabaseProvider database={createScriptedDatabase('notes')}>{name}</DatabaseProvider>
  await expect(render(wrong)).rejects.toThrow('The database here is "notes", not "tracker".')
})
