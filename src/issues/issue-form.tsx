/** The fields of an issue, for a new one and for a change. Checked by the browser first, and by the schema at `append`. */
import { type FormEvent, type ReactNode, useEffect, useId, useRef } from 'react'
import { Fault } from '../page/fault.tsx'
import { faultOf } from '../page/fault-of.ts'
import { useKeyDown } from '../page/use-key-down.ts'
import type { IssueFields } from './drafts.ts'

interface IssueFormProps {
  readonly initial: IssueFields
  /** With a field for the first text of the description. */
  readonly isNew: boolean
  readonly submitLabel: string
  readonly pending: boolean
  /** Why the last try failed, if it did. */
  readonly error: unknown
  readonly onSubmit: (fields: IssueFields) => void
  readonly onCancel: () => void
}

export function IssueForm({
  initial,
  isNew,
  submitLabel,
  pending,
  error,
  onSubmit,
  onCancel,
}: IssueFormProps): ReactNode {
  const hint = useId()
  const first = useRef<HTMLInputElement>(null)
  // The form was asked for just now, to type in it.
  useEffect(() => first.current?.focus(), [])
  const form = useKeyDown<HTMLFormElement>((event, form) => {
    if (event.key === 'Escape') onCancel()
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    onSubmit(fieldsOf(new FormData(event.currentTarget)))
  }
  return (
    <form ref={form} className="issue-form" onSubmit={submit}>
      <label>
        <span>Title</span>
        <input ref={first} name="title" required maxLength={200} defaultValue={initial.title} />
      </label>
      {isNew && (
        <label>
          <span>Description</span>
          <textarea name="body" rows={9} maxLength={20_000} defaultValue={initial.body} />
        </label>
      )}
      <div className="pair">
        <label>
          <span>Points</span>
          <input name="points" type="number" required min={0} max={100} defaultValue={initial.points} />
        </label>
        <label>
          <span>Labels</span>
          <input name="labels" defaultValue={initial.labels.join(', ')} aria-describedby={hint} />
        </label>
      </div>
      <p id={hint} className="hint">
        Separate labels by commas. Ctrl + Enter saves, Escape leaves.
      </p>
      {error !== undefined && (
        <div role="alert">
          <Fault error={faultOf(error)} />
        </div>
      )}
      <footer>
        <button type="submit" className="primary" disabled={pending}>
          {submitLabel}
        </button>
        <button type="button" className="quiet" onClick={onCancel}>
          Cancel
        </button>
      </footer>
    </form>
  )
}

function fieldsOf(form: FormData): IssueFields {
  const read = (name: string): string => {
    const value = form.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  const labels = read('labels')
    .split(',')
    .map((label) => label.trim())
    .filter(Boolean)
  return {
    title: read('title'),
    body: read('body'),
    points: Number(read('points')),
    labels: [...new Set(labels)],
  }
}
