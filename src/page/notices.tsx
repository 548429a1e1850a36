/** Shows what `notice-store` holds, in the corner: polite for notices and progress, at once for failures. */
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react'
import { Fault } from './fault.tsx'
import { Icon } from './icon.tsx'
import { dismiss, getTold, type Notice, subscribeToTold, type Task } from './notice-store.ts'

const SHOWN_MS = 10_000

export function Notices(): ReactNode {
  const { notices, failures, tasks } = useSyncExternalStore(subscribeToTold, getTold)
  return (
    <div className="notices">
      {tasks.map((task) => (
        <TaskCard key={task.id} task={task} />
      ))}
      <div role="alert">
        {failures.map(({ id, what, error }) => (
          <div key={id} className="notice">
            <Fault what={what} error={error} />
            <Dismiss id={id} />
          </div>
        ))}
      </div>
      <output>
        {notices.map((notice) => (
          <NoticeCard key={notice.id} notice={notice} />
        ))}
      </output>
    </div>
  )
}

function NoticeCard({ notice: { id, text, action, stays } }: { readonly notice: Notice }): ReactNode {
  const card = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    // What the person was at is gone (a deleted issue): the way back is the next thing to reach for.
    if (document.activeElement === document.body) button.current?.focus()
    if (stays === 'until dismissed') return
    const timer = setInterval(() => {
      if (!card.current?.matches(':hover, :focus-within')) dismiss(id)
    }, SHOWN_MS)
    return () => clearInterval(timer)
  }, [id, stays])
  const run = (): void => {
    dismiss(id)
    action?.run()
  }
  return (
    <div ref={card} className="notice">
      <p>{text}</p>
      {action && (
        <button ref={button} type="button" className="quiet" onClick={run}>
          {action.label}
        </button>
      )}
      <Dismiss id={id} />
    </div>
  )
}

function Dismiss({ id }: { readonly id: number }): ReactNode {
  return (
    <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismiss(id)}>
      <Icon name="cross" />
    </button>
  )
}

function TaskCard({ task: { title, detail, share, cancel } }: { readonly task: Task }): ReactNode {
  return (
    <section className="notice task" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <button type="button" className="quiet" onClick={cancel}>
          Cancel
        </button>
      </header>
      <progress aria-label={title} {...(share === undefined ? {} : { value: share })} />
      <p className="task-detail">{detail}</p>
    </section>
  )
}
