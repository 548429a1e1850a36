/** Edit, close or reopen, assign, delete: each is one event, and can be taken back by another. */
import type { ReactNode } from 'react'
import type { Issue } from '../model.ts'
import { tellFailure } from '../page/notice-store.ts'
import { navigate, useRoute } from '../route.ts'
import { assigning, type Change, deleting, settingStatus } from './changes.ts'
import { useMakeChange } from './use-changes.ts'
import { usePeople } from './use-people.ts'

interface IssueActionsProps {
  readonly issue: Issue
  readonly onEdit: () => void
}

export function IssueActions({ issue, onEdit }: IssueActionsProps): ReactNode {
  const make = useMakeChange()
  const route = useRoute()
  const act = (what: string, change: Change): void => void make(change).catch(tellFailure(what))
  const remove = async (): Promise<void> => {
    await make(deleting(issue))
    navigate({ ...route, issue: undefined })
  }
  const isOpen = issue.status === 'open'
  return (
    <div className="actions">
      <button type="button" className="quiet" onClick={onEdit}>
        Edit
      </button>
      <button
        type="button"
        className="quiet"
        onClick={() =>
          act(
            isOpen ? 'Closing the issue' : 'Reopening the issue',
            settingStatus(issue, isOpen ? 'closed' : 'open'),
          )
        }
      >
        {isOpen ? 'Close' : 'Reopen'}
      </button>
      <button
        type="button"
        className="quiet danger"
        onClick={() => void remove().catch(tellFailure('Deleting the issue'))}
      >
        Delete
      </button>
      <AssigneeField issue={issue} onAssign={(name) => act('Assigning the issue', assigning(issue, name))} />
    </div>
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
