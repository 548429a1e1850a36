/**
 * "why?" beside a row or a number: opens the events that made it. A row is its history, as its table keeps it; a number is
 * the rows behind its group, each with its history. What shows them is loaded when it is first asked for.
 */
import '../style/why.css'
import type { KeyPart } from 'headwater'
import { type ReactNode, useState } from 'react'
import { createPortal } from 'react-dom'
import { Dialog } from '../page/dialog.tsx'
import { LatePart } from '../page/late-part.tsx'
import { lazyPlace } from '../page/lazy-place.ts'

const RowEvents = lazyPlace(
  'The events of a row',
  async () => (await import('./why/row-events.tsx')).RowEvents,
)
const GroupRows = lazyPlace(
  'The rows behind a number',
  async () => (await import('./why/group-rows.tsx')).GroupRows,
)

/** What is asked about. */
export type WhyOf =
  | { readonly view: string; readonly rowKey: string }
  | { readonly view: string; readonly group: KeyPart | readonly KeyPart[] }

/** `label` is the question without its why: `is issue x7 so`, `are so many issues open`. */
export type WhyProps = WhyOf & { readonly label: string }

export function Why({ label, ...of }: WhyProps): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="why" aria-label={`Why ${label}?`} onClick={() => setOpen(true)}>
        why?
      </button>
      {isOpen &&
        createPortal(
          <Dialog title={`Why ${label}?`} onClose={() => setOpen(false)}>
            <LatePart coming={<p className="hint">Loading…</p>}>
              {'rowKey' in of ? (
                <RowEvents view={of.view} rowKey={of.rowKey} />
              ) : (
                <GroupRows view={of.view} group={of.group} />
              )}
            </LatePart>
          </Dialog>,
          document.body,
        )}
    </>
  )
}
