/** The form that opens an issue, and then shows it. */
import { useAppend } from '@headwater/react'
import type { ReactNode } from 'react'
import { navigate, useRoute } from '../route.ts'
import { drawId, type IssueFields, opened } from './drafts.ts'
import { IssueForm } from './issue-form.tsx'

const EMPTY: IssueFields = { title: '', body: '', points: 1, labels: [] }

export function NewIssue(): ReactNode {
  const { status, assignee } = useRoute()
  const [append, { pending, error }] = useAppend()
  const open = (fields: IssueFields): void => {
    const id = drawId()
    // A failure is shown in the form.
    append(opened(id, fields)).then(
      () => navigate({ status, assignee, issue: id }),
      () => undefined,
    )
  }
  return (
    <article className="detail">
      <h2>New issue</h2>
      <IssueForm
        initial={EMPTY}
        submitLabel="Open issue"
        pending={pending}
        error={error}
        onSubmit={open}
        onCancel={() => navigate({ status, assignee })}
      />
    </article>
  )
}
