/** The way to the form that opens an issue. */
import type { ReactNode } from 'react'
import { Icon } from '../page/icon.tsx'
import { hrefOf, type Route } from '../route.ts'

export function NewLink({ route }: { readonly route: Route }): ReactNode {
  return (
    <a className="primary" href={hrefOf({ ...route, issue: 'new' })}>
      <Icon name="plus" /> New<span className="sr-only"> issue</span>
    </a>
  )
}
