/** The form that changes an issue: what has changed becomes one event. */
import { useAppend } from '@headwater/react'
import type { ReactNode } from 'react'
import type { Issue } from '../model.ts'
import { edited, type IssueFields } from './drafts.ts'
import { IssueForm } from './issue-form.tsx'

export function EditIssue({
  issue,
  onDone,
}: {
  readonly issue: Issue
  readonly onDone: () => void
}): ReactNode {
  const [append, { pending, error }] = useAppend()
  const save = (fields: IssueFields): void => {
    const draft = edited(issue, fields)
    // A failure is shown in the form.
    if (draft === undefined) onDone()
    else append(draft).then(onDone, () => undefined)
  }
  return (
    <>
      <h2 className="sr-only">Edit {issue.title}</h2>
      <IssueForm
        initial={issue}
        submitLabel="Save"
        pending={pending}
        error={error}
        onSubmit={save}
        onCancel={onDone}
      />
    </>
  )
}
