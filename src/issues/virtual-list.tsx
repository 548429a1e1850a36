/**
 * A list that holds only the rows on screen, however long it is: its height is that of all rows, each stands at its place,
 * and what is not known yet is a bone. One row is reached by Tab; arrow keys, Home and End go from row to row, and take the
 * window along. `press` hears of all other keys.
 */
import { useQuery } from '@headwater/react'
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { formatCount } from '../format.ts'
import type { Issue } from '../model.ts'
import { Fault } from '../page/fault.tsx'
import type { FaultText } from '../page/fault-of.ts'
import { useCalm } from '../page/use-calm.ts'
import { useKeyDown } from '../page/use-key-down.ts'
import type { Listing } from './listing.ts'
import { useRuns } from './use-runs.ts'

interface VirtualListProps {
  readonly listing: Listing
  /** What the list is called. */
  readonly label: string
  /** Of a row, with the gap to the next. */
  readonly rowHeightPx: number
  /** What is said where there is none. */
  readonly nothing: ReactNode
  /** A row; `tabIndex` is for its one control. */
  readonly render: (issue: Issue, tabIndex: 0 | -1) => ReactNode
  readonly press?: (event: KeyboardEvent, issue: Issue) => void
  /** A fault that is told above the list already. */
  readonly told?: FaultText | undefined
}

const OVERSCAN_ROWS = 6

export function VirtualList(props: VirtualListProps): ReactNode {
  const { listing, label, rowHeightPx, nothing, render } = props
  const { data: total, error } = useCalm(useQuery(listing.total))
  const [current, setCurrent] = useState(0)
  const rows = total ?? 0
  const tabStop = Math.min(current, rows - 1)
  const virtualizer = useVirtualizer({
    count: rows,
    getScrollElement: () => list.current,
    estimateSize: () => rowHeightPx,
    overscan: OVERSCAN_ROWS,
    rangeExtractor: (range) => withRow(range, tabStop),
  })
  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {}
  const entryAt = useRuns(listing, startIndex, endIndex)
  const wanted = useRef<number>(undefined)
  const list = useKeyDown<HTMLDivElement>((event) => {
    const next = nextRow(event.key, tabStop, rows)
    const issue = entryAt(tabStop)?.row
    if (next === undefined) {
      if (issue !== undefined) props.press?.(event, issue)
      return
    }
    event.preventDefault()
    wanted.current = next
    setCurrent(next)
    virtualizer.scrollToIndex(next)
  })
  useFocused(list, setCurrent)
  useEffect(() => {
    if (wanted.current === undefined) return
    const control = list.current?.querySelector<HTMLElement>(
      `[data-index="${wanted.current}"] :is(a, button)`,
    )
    if (!control) return
    wanted.current = undefined
    control.focus({ preventScroll: true })
  })
  return (
    <div ref={list} className="list">
      {error && error.message !== props.told?.message && <Fault error={error} />}
      {total === 0 && <p className="nothing">{nothing}</p>}
      <ul aria-label={label} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const entry = entryAt(index)
          return (
            <li
              key={index}
              className="place"
              data-index={index}
              aria-setsize={rows}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)`, height: rowHeightPx }}
            >
              {entry === undefined ? (
                <Unknown index={index} />
              ) : (
                render(entry.row, index === tabStop ? 0 : -1)
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** Tells the place of the row that has the focus, whoever gave it that. */
function useFocused(list: RefObject<HTMLElement | null>, tell: (index: number) => void): void {
  useEffect(() => {
    const element = list.current
    if (element === null) return
    const listen = ({ target }: FocusEvent): void => {
      const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null
      if (row !== null) tell(Number(row.dataset.index))
    }
    element.addEventListener('focusin', listen)
    return () => element.removeEventListener('focusin', listen)
  }, [list, tell])
}

function Unknown({ index }: { readonly index: number }): ReactNode {
  return (
    <div className="unknown">
      <span className="sr-only">Loading number {formatCount(index + 1)}</span>
    </div>
  )
}

/** The row that has the focus stays, also while it is scrolled out of the window: the focus would be lost with it. */
function withRow(range: Range, row: number): number[] {
  const shown = defaultRangeExtractor(range)
  if (row < 0 || shown.includes(row)) return shown
  return [...shown, row].sort((a, b) => a - b)
}

function nextRow(key: string, current: number, rows: number): number | undefined {
  const next = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows - 1 }[key]
  return next === undefined || rows === 0 ? undefined : Math.max(0, Math.min(rows - 1, next))
}
