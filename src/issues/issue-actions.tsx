/** Edit, close or reopen, assign, delete: each is one event, and deleting can be taken back by another. */
import { useAppend } from '@headwater/react'
import type { Draft } from 'headwater'
import type { ReactNode } from 'react'
import { useTracker } from '../database.ts'
import type { Issue } from '../model.ts'
import { tell, tellFailure } from '../page/notice-store.ts'
import { navigate, useRoute } from '../route.ts'
import { assigned, closed, deleted, reopened, restored } from './drafts.ts'
import { usePeople } from './use-people.ts'

export function IssueActions({
  issue,
  onEdit,
}: {
  readonly issue: Issue
  readonly onEdit: () => void
}): ReactNode {
  const [append, { pending }] = useAppend()
  const { id, status } = issue
  const act = (what: string, draft: Draft): void => {
    append(draft).catch(tellFailure(what))
  }
  return (
    <div className="actions">
      <button type="button" className="quiet" onClick={onEdit}>
        Edit
      </button>
      {status === 'open' ? (
        <button
          type="button"
          className="quiet"
          disabled={pending}
          onClick={() => act('Closing the issue', closed(id))}
        >
          Close
        </button>
      ) : (
        <button
          type="button"
          className="quiet"
          disabled={pending}
          onClick={() => act('Reopening the issue', reopened(id))}
        >
          Reopen
        </button>
      )}
      <DeleteButton issue={issue} />
      <AssigneeField issue={issue} onAssign={(name) => act('Assigning the issue', assigned(id, name))} />
    </div>
  )
}

function DeleteButton({ issue }: { readonly issue: Issue }): ReactNode {
  const db = useTracker()
  const { status, assignee } = useRoute()
  const remove = async (): Promise<void> => {
    await db.append(deleted(issue.id))
    navigate({ status, assignee })
    tell(`Deleted “${issue.title}”`, {
      label: 'Undo',
      run: () =>
        void db
          .append(restored(issue))
          .then(() => navigate({ status, assignee, issue: issue.id }), tellFailure('Undoing')),
    })
  }
  return (
    <button
      type="button"
      className="quiet danger"
      onClick={() => void remove().catch(tellFailure('Deleting the issue'))}
    >
      Delete
    </button>
  )
}

interface AssigneeFieldProps {
  readonly issue: Issue
  readonly onAssign: (name: string | null) => void
}

function AssigneeField({ issue: { assignee }, onAssign }: AssigneeFieldProps): ReactNode {
  const people = usePeople()
  return (
    <label className="assignee">
      <span>Assignee</span>
      <select value={assignee ?? ''} onChange={({ target }) => onAssign(target.value || null)}>
        <option value="">Nobody</option>
        {people.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
