/** The form that opens an issue, and then shows it. */
import type { ReactNode } from 'react'
import { navigate, useRoute } from '../route.ts'
import { opening } from './changes.ts'
import { drawId, type IssueFields } from './drafts.ts'
import { IssueForm } from './issue-form.tsx'
import { useChange } from './use-change.ts'

const EMPTY: IssueFields = { title: '', body: '', points: 1, labels: [] }

export function NewIssue(): ReactNode {
  const route = useRoute()
  const [change, { pending, error }] = useChange()
  const open = (fields: IssueFields): void => {
    const id = drawId()
    // A failure is shown in the form.
    void change(opening(id, fields)).then((isMade) => isMade && navigate({ ...route, issue: id }))
  }
  return (
    <article className="detail">
      <h2>New issue</h2>
      <IssueForm
        initial={EMPTY}
        isNew
        submitLabel="Open issue"
        pending={pending}
        error={error}
        onSubmit={open}
        onCancel={() => navigate({ ...route, issue: undefined })}
      />
    </article>
  )
}
