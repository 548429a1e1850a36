// The hooks as a page's author uses them: what a query answers is what `useQuery` gives, and the status says
// whether there is anything to show. Checked like app.ts; nothing here runs.

import { DatabaseProvider, useQuery, useStatus } from '@headwater/react'
import type { Database, Query } from 'headwater'
import type { ReactNode } from 'react'
import { same } from './assert.ts'

interface Note {
  readonly id: string
  readonly text: string
}

export function Notes({ query }: { readonly query: Query<readonly Note[]> }): ReactNode {
  const result = useQuery(query)
  same<typeof result.status, 'loading' | 'ready' | 'stale' | 'error'>(true)
  same<typeof result.data, readonly Note[] | undefined>(true)
  if (result.status === 'ready') same<typeof result.data, readonly Note[]>(true)
  // @ts-expect-error: there is nothing to show while it loads
  const first = result.data[0]
  void first
  return useStatus().state
}

export function Page({ database }: { readonly database: Database }): ReactNode {
  return <DatabaseProvider database={database}>text</DatabaseProvider>
}

// @ts-expect-error: a provider provides a database
export const empty = <DatabaseProvider>text</DatabaseProvider>
