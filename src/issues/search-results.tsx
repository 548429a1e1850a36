/** What a search finds, with the words that matched marked; the answer before stays until the next one is there. */
import { useQuery } from '@headwater/react'
import type { QueryState, SearchHit, SearchResult } from 'headwater'
import { memo, type ReactNode, useDeferredValue, useMemo } from 'react'
import { useTracker } from '../database.ts'
import { formatCount, plural } from '../format.ts'
import type { Issue } from '../model.ts'
import { useIsPast } from '../moment.ts'
import { Fault } from '../page/fault.tsx'
import { useCalm } from '../page/use-calm.ts'
import { useViewStatus } from '../room/use-view-status.ts'
import type { Route } from '../route.ts'
import { IssueRow } from './issue-row.tsx'
import { useIndexMaking } from './search-index.ts'

const HITS = 50

interface SearchResultsProps {
  readonly text: string
  readonly route: Route
  readonly onText: (text: string) => void
}

export function SearchResults({ text, route, onText }: SearchResultsProps): ReactNode {
  const { issueSearch } = useTracker().views
  const { status, assignee, label } = route
  const where = {
    ...(status === 'all' ? {} : { status }),
    ...(assignee === undefined ? {} : { assignee: assignee || null }),
    ...(label === undefined ? {} : { labels: label }),
  }
  const live = useQuery(issueSearch.search(text, { where, limit: HITS, fuzzy: 0.2 }), { keepPrevious: true })
  const answer = useMemo(() => ({ text, live }), [text, live])
  // Rendered in slices, so that the keys that come meanwhile do not wait for fifty rows.
  const shown = useDeferredValue(useCalmAnswer(answer))
  const { data, error } = shown.live
  const isBusy = shown.text !== text || shown.live.status !== 'ready'
  return (
    <>
      <output className="found" data-text={text} aria-busy={isBusy}>
        {data && summaryOf(data.total, data.hits.length)} <Behind />
      </output>
      {error && <Fault error={error} />}
      <PastNote />
      {data && <Hits hits={data.hits} route={route} />}
      {data?.total === 0 && <Suggestions text={text} onText={onText} />}
    </>
  )
}

interface Answer {
  readonly text: string
  readonly live: QueryState<SearchResult<Issue>>
}

/** The answer to another text is shown at once; news of the same answer as often as people can read. */
function useCalmAnswer(answer: Answer): Answer {
  const calm = useCalm(answer)
  return calm.text === answer.text && calm.live.status === 'ready' ? calm : answer
}

function summaryOf(total: number, shown: number): string {
  return total > shown
    ? `The best ${shown} of ${formatCount(total)} issues`
    : `${plural(total, 'issue')} found`
}

/** A moment of the past has tables and numbers, but no search of its own. */
function PastNote(): ReactNode {
  return useIsPast() && <p className="hint past-note">What is found is as of now: a search has no past.</p>
}

/** The index is made first, then follows its table at its own pace; it says so until it is there. */
function Behind(): ReactNode {
  const making = useIndexMaking()
  const lag = useViewStatus('issueSearch')?.lag ?? 0
  if (making) return <small>{making}</small>
  return lag > 0 && <small>The index is {plural(lag, 'event')} behind.</small>
}

type Snippet = SearchHit<Issue>['snippets'][string]

interface HitsProps {
  readonly hits: readonly SearchHit<Issue>[]
  readonly route: Route
}

const Hits = memo(function Hits({ hits, route }: HitsProps): ReactNode {
  return (
    <ul className="list" aria-label="Issues found">
      {hits.map((hit) => (
        <li key={hit.key}>
          <Hit hit={hit} route={route} />
        </li>
      ))}
    </ul>
  )
})

function Hit({ hit, route }: { readonly hit: SearchHit<Issue>; readonly route: Route }): ReactNode {
  const { title, body, description } = hit.snippets
  const passage = [description, body].find((parts) => parts?.some(({ match }) => match))
  return (
    <IssueRow
      issue={hit.row}
      route={route}
      title={title && <Marked parts={title} />}
      passage={passage && <Marked parts={passage} />}
    />
  )
}

function Marked({ parts }: { readonly parts: Snippet }): ReactNode {
  let at = 0
  return parts.map(({ text, match }) => {
    const key = at
    at += text.length
    return match ? <mark key={key}>{text}</mark> : <span key={key}>{text}</span>
  })
}

function Suggestions({ text, onText }: Pick<SearchResultsProps, 'text' | 'onText'>): ReactNode {
  const { data } = useQuery(useTracker().views.issueSearch.suggest(text, { limit: 4, fuzzy: 0.4 }))
  if (data === undefined || data.length === 0) return null
  return (
    <p className="suggestions">
      Did you mean{' '}
      {data.map(({ suggestion }) => (
        <button key={suggestion} type="button" className="quiet" onClick={() => onText(suggestion)}>
          {suggestion}
        </button>
      ))}
    </p>
  )
}
