/** A row per view: what it is, how far it has folded, and what can be done to it without losing anything. */
import { useStatus } from '@headwater/react'
import type { ReactNode } from 'react'
import { ViewRow } from './view-row.tsx'

export function ViewsPanel(): ReactNode {
  const names = useStatus((status) => status.views.map(({ name }) => name).join('\n'))
  return (
    <section className="panel views" aria-labelledby="views-heading">
      <header>
        <h2 id="views-heading">Views</h2>
        <p>Folded from the log, each at its own pace. Any of them can be thrown away.</p>
      </header>
      <ul>
        {names.split('\n').map((name) => (
          <ViewRow key={name} name={name} />
        ))}
      </ul>
    </section>
  )
}
