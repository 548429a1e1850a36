/** Why an issue is as it is: the events that made it, from the table's history, also after its deletion. */
import { type ReactNode, useState } from 'react'
import { LatePart } from '../page/late-part.tsx'
import { lazyPlace } from '../page/lazy-place.ts'

const RowEvents = lazyPlace(
  'The events of the issue',
  async () => (await import('../room/why/row-events.tsx')).RowEvents,
)

export function History({ issue }: { readonly issue: string }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="history" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Why is it so?</summary>
      {isOpen && (
        <LatePart coming={<p className="hint">Loading…</p>}>
          <RowEvents view="issues" rowKey={issue} />
        </LatePart>
      )}
    </details>
  )
}
