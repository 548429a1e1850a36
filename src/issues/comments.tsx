/** What was said about an issue, oldest first, and the field to say more. */
import { useQuery } from '@headwater/react'
import { type FormEvent, type KeyboardEvent, type ReactNode, useState } from 'react'
import { formatAge, formatTime, plural } from '../format.ts'
import type { Comment, Issue } from '../model.ts'
import { useIsPast, useViews } from '../moment.ts'
import { Fault } from '../page/fault.tsx'
import { faultOf } from '../page/fault-of.ts'
import { Person } from '../page/person.tsx'
import { useNow } from '../page/use-now.ts'
import { commenting } from './changes.ts'
import { useChange } from './use-change.ts'

/** More than this are not shown; the newest are. */
const SHOWN = 200

export function Comments({ issue }: { readonly issue: Issue }): ReactNode {
  const { comments } = useViews()
  const isPast = useIsPast()
  const { data, error } = useQuery(
    comments.range('byIssue', { prefix: [issue.id], reverse: true, limit: SHOWN }),
  )
  return (
    <section className="comments" aria-labelledby="comments-heading">
      <h3 id="comments-heading">
        {data === undefined || data.length === 0 ? 'Comments' : plural(data.length, 'comment')}
      </h3>
      {error && data === undefined && <Fault error={error} />}
      <ol>
        {data?.toReversed().map((comment) => (
          <Said key={comment.id} comment={comment} />
        ))}
      </ol>
      {!isPast && <CommentForm issue={issue} />}
    </section>
  )
}

function Said({ comment: { by, at, text } }: { readonly comment: Comment }): ReactNode {
  const now = useNow()
  return (
    <li className="comment">
      <header>
        <Person name={by} withName />
        <time dateTime={new Date(at).toISOString()} title={formatTime(at)}>
          {formatAge(at, now)}
        </time>
      </header>
      <p>{text}</p>
    </li>
  )
}

function CommentForm({ issue }: { readonly issue: Issue }): ReactNode {
  const [text, setText] = useState('')
  const [change, { pending, error }] = useChange()
  const send = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() === '') return
    // A failure is shown below, and what was typed stays.
    void change(commenting(issue, text.trim())).then((isMade) => isMade && setText(''))
  }
  const press = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
  }
  return (
    <form className="comment-form" onSubmit={send}>
      <textarea
        aria-label="Comment"
        placeholder="Say something. Ctrl + Enter sends."
        rows={3}
        required
        maxLength={20_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={press}
      />
      {error !== undefined && (
        <div role="alert">
          <Fault error={faultOf(error)} />
        </div>
      )}
      <button type="submit" className="primary" disabled={pending}>
        Comment
      </button>
    </form>
  )
}
