/** Rows of the log in a list that holds only those on screen; each is a link to its event. */
import { useVirtualizer } from '@tanstack/react-virtual'
import type { HistoryEntry } from 'headwater'
import { type ReactNode, type RefObject, useEffect } from 'react'
import { describeEvent } from '../../event-text.ts'
import { formatCount, formatTime } from '../../format.ts'
import { hrefOf } from '../../route.ts'
import type { LogRows } from './log-rows.ts'

const ROW_HEIGHT = 40
const OVERSCAN = 10
/** What a browser lays out ends at about 33 million pixels; what lies behind is reached by the filter. */
const ROWS_AT_MOST = 800_000

interface LogListProps {
  readonly rows: LogRows
  readonly scroller: RefObject<HTMLDivElement | null>
}

export function LogList({ rows, scroller }: LogListProps): ReactNode {
  const { show } = rows
  const virtualizer = useVirtualizer({
    count: Math.min(rows.count, ROWS_AT_MOST),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  })
  const shown = virtualizer.getVirtualItems()
  const [from, to] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0]
  const { count } = rows
  useEffect(() => {
    if (count > 0) show(from, to)
  }, [show, from, to, count])
  return (
    <div ref={scroller} className="log-list">
      <ol aria-label="Events, newest first" style={{ height: virtualizer.getTotalSize() }}>
        {shown.map(({ index, start }) => (
          <li
            key={rows.offsetAt(index)}
            aria-posinset={index + 1}
            aria-setsize={rows.isOpenEnded ? -1 : rows.count}
            style={{ transform: `translateY(${start}px)`, height: ROW_HEIGHT }}
          >
            <Row entry={rows.at(index)} offset={rows.offsetAt(index)} />
          </li>
        ))}
      </ol>
    </div>
  )
}

interface RowProps {
  readonly entry: HistoryEntry | 'coming' | 'passed over'
  readonly offset: number
}

function Row({ entry, offset }: RowProps): ReactNode {
  if (typeof entry === 'string') {
    return (
      <span className="log-line" data-entry={entry}>
        <span className="offset">{formatCount(offset)}</span>
        <span className="what">
          {entry === 'coming' ? '…' : 'passed over: replaced, or unknown to this build'}
        </span>
      </span>
    )
  }
  const { type, time, replica } = entry
  return (
    <a className="log-line" href={hrefOf({ page: 'room', within: ['event', String(offset)] })}>
      <span className="offset">{formatCount(offset)}</span>
      <span className="type" data-type={type}>
        {type}
      </span>
      <span className="what">{describeEvent(entry)}</span>
      <code className="replica" title={`replica ${replica}`}>
        {replica.slice(0, 4)}
      </code>
      <time dateTime={new Date(time).toISOString()}>{formatTime(time)}</time>
    </a>
  )
}
