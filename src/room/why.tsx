/**
 * "why?" beside a row or a number: opens the events that made it. A row is its history, as its table keeps it; a number is
 * the rows behind its group, each with its history. What shows them is loaded when it is first asked for.
 */
import '../style/why.css'
import type { KeyPart } from 'headwater'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { createPortal } from 'react-dom'
import { Dialog } from '../page/dialog.tsx'

const RowEvents = lazy(async () => ({ default: (await import('./why/row-events.tsx')).RowEvents }))
const GroupRows = lazy(async () => ({ default: (await import('./why/group-rows.tsx')).GroupRows }))

/** What is asked about. */
export type WhyOf =
  | { readonly view: string; readonly rowKey: string }
  | { readonly view: string; readonly group: KeyPart | readonly KeyPart[] }

/** `label` says to those who hear the page what it is about: `issue x7`, `the open issues`. */
export function Why({ label, ...of }: WhyOf & { readonly label: string }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="why" aria-label={`Why ${label}?`} onClick={() => setOpen(true)}>
        why?
      </button>
      {isOpen &&
        createPortal(
          <Dialog title={`Why ${label}?`} onClose={() => setOpen(false)}>
            <Suspense fallback={<p className="hint">Loading…</p>}>
              {'rowKey' in of ? (
                <RowEvents view={of.view} rowKey={of.rowKey} />
              ) : (
                <GroupRows view={of.view} group={of.group} />
              )}
            </Suspense>
          </Dialog>,
          document.body,
        )}
    </>
  )
}
