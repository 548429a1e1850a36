// The hooks on the server: nothing is subscribed, queries are loading, and hydration has nothing to complain about.
import { DatabaseProvider, useQuery, useStatus, useSuspenseQuery } from '@headwater/react'
import { type ReactNode, StrictMode, Suspense } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { createScriptedDatabase, type ScriptedDatabase } from './scripted-database.ts'

function Answer({ db }: { readonly db: ScriptedDatabase }): ReactNode {
  return `${useQuery(db.ask<number>('a')).status} ${useStatus().state}`
}

function Suspending({ db }: { readonly db: ScriptedDatabase }): ReactNode {
  return useSuspenseQuery(db.ask<number>('b')).data
}

test('on the server a query is loading and nobody subscribes, also when an answer is known', () => {
  const db = createScriptedDatabase()
  db.answer('a', 1)
  const page = (
    <StrictMode>
      <DatabaseProvider database={db}>
        <Answer db={db} />
      </DatabaseProvider>
    </StrictMode>
  )
  expect(renderToString(page)).toBe('loading open')
  expect(db.subscribers('a')).toBe(0)
})

test('on the server a suspended component is its fallback', () => {
  const db = createScriptedDatabase()
  const page = (
    <DatabaseProvider database={db}>
      <Suspense fallback="waiting">
        <Suspending db={db} />
      </Suspense>
    </DatabaseProvider>
  )
  expect(renderToString(page)).toContain('waiting')
})
