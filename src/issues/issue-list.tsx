/**
 * The list, page by page along an index. Only pages near the window are live and hold rows; the others are gaps of the
 * same height, so that a list of 100,000 costs what a screen costs. Each page tells where the next begins.
 */
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { useKeyDown } from '../page/use-key-down.ts'
import type { Route } from '../route.ts'
import { ListPage } from './list-page.tsx'
import { useNear } from './use-near.ts'

/** The cursor behind a page; nothing while it is not known, or at the end. */
type Next = string | undefined

export function IssueList({ route }: { readonly route: Route }): ReactNode {
  const [wanted, setWanted] = useState(1)
  const [nexts, setNexts] = useState<readonly Next[]>([])
  const link = useCallback((page: number, next: Next) => {
    setNexts((nexts) =>
      nexts[page] === next ? nexts : [...nexts.slice(0, page), next, ...nexts.slice(page + 1)],
    )
  }, [])
  const pages = pagesOf(nexts, wanted)
  const list = useKeyDown<HTMLDivElement>(moveFocus)
  const hasMore = nexts[pages.length - 1] !== undefined
  return (
    <div ref={list} className="list">
      {pages.map(({ number, start }) => (
        <ListPage key={number} number={number} start={start} route={route} onNext={link} />
      ))}
      {hasMore && <More key={pages.length} onMore={() => setWanted(pages.length + 1)} />}
    </div>
  )
}

interface PagePlace {
  readonly number: number
  readonly start: Next
}

/** The first page, then each one whose beginning is known. */
function pagesOf(nexts: readonly Next[], wanted: number): readonly PagePlace[] {
  const end = nexts.slice(0, wanted - 1).indexOf(undefined)
  const known = end === -1 ? Math.min(wanted, nexts.length + 1) : end + 1
  return Array.from({ length: known }, (_, number) => ({ number, start: nexts[number - 1] }))
}

/** Arrow keys go from row to row. */
function moveFocus(event: KeyboardEvent, list: HTMLElement): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const rows = [...list.querySelectorAll<HTMLElement>('a')]
  const at = rows.findIndex((row) => row.matches(':focus'))
  const next = rows[at + (event.key === 'ArrowDown' ? 1 : -1)]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}

/** The end of what is loaded: goes on by itself when it comes near, or at the press of the button. */
function More({ onMore }: { readonly onMore: () => void }): ReactNode {
  const [ref, isNear] = useNear()
  useEffect(() => {
    if (isNear) onMore()
  })
  return (
    <div ref={ref} className="more">
      <button type="button" className="quiet" onClick={onMore}>
        Load more
      </button>
    </div>
  )
}
