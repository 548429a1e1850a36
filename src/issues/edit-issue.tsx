/** The form that changes an issue: what has changed becomes one event. The description is written in its own editor. */
import type { ReactNode } from 'react'
import type { Issue } from '../model.ts'
import { editing } from './changes.ts'
import { editOf, type IssueFields } from './drafts.ts'
import { IssueForm } from './issue-form.tsx'
import { useChange } from './use-change.ts'

interface EditIssueProps {
  readonly issue: Issue
  readonly onDone: () => void
}

export function EditIssue({ issue, onDone }: EditIssueProps): ReactNode {
  const [change, { pending, error }] = useChange()
  const save = (fields: IssueFields): void => {
    const edit = editOf(issue, fields)
    // A failure is shown in the form.
    if (Object.keys(edit).length === 0) onDone()
    else void change(editing(issue, edit)).then((isMade) => isMade && onDone())
  }
  return (
    <>
      <h2 className="sr-only">Edit {issue.title}</h2>
      <IssueForm
        initial={issue}
        isNew={false}
        submitLabel="Save"
        pending={pending}
        error={error}
        onSubmit={save}
        onCancel={onDone}
      />
    </>
  )
}
