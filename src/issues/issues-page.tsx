/** The list of issues with its filters and search, and beside it the issue that is open. */
import { type ReactNode, useDeferredValue, useState } from 'react'
import { useIsPast } from '../moment.ts'
import { Mark } from '../page/mark.tsx'
import { useRoute } from '../route.ts'
import { Filters } from './filters.tsx'
import { IssueDetail } from './issue-detail.tsx'
import { IssueList } from './issue-list.tsx'
import { NewIssue } from './new-issue.tsx'
import { NewLink } from './new-link.tsx'
import { SearchField } from './search-field.tsx'
import { SearchResults } from './search-results.tsx'
import { useUndoKeys } from './use-changes.ts'

export function IssuesPage(): ReactNode {
  const route = useRoute()
  const [text, setText] = useState('')
  const searched = useDeferredValue(text.trim())
  const { issue, status, assignee, label } = route
  const isPast = useIsPast()
  useUndoKeys(!isPast)
  return (
    <div className="issues" data-detail={issue !== undefined}>
      <section className="list-pane" aria-label="Issues">
        <h1 className="sr-only">Issues</h1>
        <div className="list-head">
          <SearchField text={text} onText={setText} />
          {!isPast && <NewLink route={route} />}
          <Filters route={route} />
        </div>
        {searched === '' ? (
          <IssueList key={JSON.stringify([status, assignee, label])} route={route} />
        ) : (
          <SearchResults text={searched} route={route} onText={setText} />
        )}
      </section>
      <section className="detail-pane" aria-label="Issue">
        <Detail id={issue} />
      </section>
    </div>
  )
}

function Nothing(): ReactNode {
  return (
    <div className="no-issue">
      <Mark />
      <p>Choose an issue to read it here.</p>
      <p className="hint">
        <kbd>/</kbd> searches, <kbd>n</kbd> opens a new issue, <kbd>↑</kbd> <kbd>↓</kbd> go through the list.
      </p>
    </div>
  )
}

/** The past takes no new issue. */
function NewIssueHere(): ReactNode {
  return useIsPast() ? <Nothing /> : <NewIssue />
}

function Detail({ id }: { readonly id: string | undefined }): ReactNode {
  if (id === undefined) return <Nothing />
  return id === 'new' ? <NewIssueHere /> : <IssueDetail key={id} id={id} />
}
