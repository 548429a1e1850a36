/**
 * The log itself, newest first, all of it. While one reads further down, the list stands still and says how many events
 * came; at the top it follows.
 */
import { useStatus } from '@headwater/react'
import { type ReactNode, useDeferredValue, useEffect, useRef, useState } from 'react'
import { formatCount, plural } from '../../format.ts'
import { useCalm } from '../../page/use-calm.ts'
import { useRoute } from '../../route.ts'
import { LogFacts } from '../log-facts.tsx'
import { filterOf, isEverything, type LogFilter } from './log-filter.ts'
import { LogFilters } from './log-filters.tsx'
import { LogList } from './log-list.tsx'
import type { LogRows } from './log-rows.ts'
import { useAllRows } from './use-all-rows.ts'
import { useFoundRows } from './use-found-rows.ts'

export function LogPage(): ReactNode {
  const [, ...said] = useRoute().within
  const address = said.join('/')
  const [{ filter, of }, setFilter] = useState({ filter: filterOf(said), of: address })
  if (of !== address) setFilter({ filter: filterOf(said), of: address })
  const deferred = useDeferredValue(filter)
  return (
    <section className="panel log-page" aria-labelledby="log-heading">
      <header>
        <h2 id="log-heading">Log</h2>
        <p>The only thing that is stored for good. Events are added at its end; none is ever changed.</p>
        <LogFacts />
      </header>
      <LogFilters filter={filter} onFilter={(filter) => setFilter({ filter, of: address })} />
      {isEverything(deferred) ? <AllEvents /> : <FoundEvents filter={deferred} />}
    </section>
  )
}

function AllEvents(): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const head = useHeldHead(scroller)
  const rows = useAllRows(head.shown)
  if (rows.count === 0) return <p className="nothing">No event yet. Whatever happens is added here.</p>
  return (
    <>
      <LogList rows={rows} scroller={scroller} />
      <p className="log-count">
        {plural(rows.count, 'event')}
        {head.newer > 0 && (
          <button type="button" className="small" onClick={() => scroller.current?.scrollTo({ top: 0 })}>
            {formatCount(head.newer)} newer
          </button>
        )}
      </p>
    </>
  )
}

/** The head that the list shows: the log's while the list is at its top, else the one at which it was left. */
function useHeldHead(scroller: React.RefObject<HTMLDivElement | null>) {
  const head = useCalm(useStatus((status) => status.log.head))
  const [held, setHeld] = useState<number>()
  useEffect(() => {
    const element = scroller.current
    const listen = (): void => setHeld((before) => (element?.scrollTop === 0 ? undefined : (before ?? head)))
    element?.addEventListener('scroll', listen, { passive: true })
    return () => element?.removeEventListener('scroll', listen)
  }, [scroller, head])
  const shown = held ?? head
  return { shown, newer: head - shown }
}

function FoundEvents({ filter }: { readonly filter: LogFilter }): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const head = useStatus((status) => status.log.head)
  const rows = useFoundRows(filter, head)
  return (
    <>
      <LogList rows={rows} scroller={scroller} />
      <p className="log-count">
        <output>{foundText(rows)}</output>
      </p>
    </>
  )
}

function foundText({ count, isOpenEnded }: LogRows): string {
  if (isOpenEnded) return count === 0 ? 'Looking…' : `${plural(count, 'event')} so far, scroll for more`
  return count === 0 ? 'No such event' : `${plural(count, 'event')} found`
}
