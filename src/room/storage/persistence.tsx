/** Whether the browser has promised to keep what is stored, and the button that asks it to. */
import type { StorageReport } from 'headwater'
import { type ReactNode, useState } from 'react'
import { useTracker } from '../../database.ts'
import { tellFailure } from '../../page/notice-store.ts'

interface PersistenceProps {
  readonly report: StorageReport
  readonly onAsked: () => void
}

export function Persistence({ report: { persisted }, onAsked }: PersistenceProps): ReactNode {
  const db = useTracker()
  const [answer, setAnswer] = useState('')
  const ask = (): void => {
    db.persist()
      .then((isPromised) => {
        setAnswer(
          isPromised ? '' : 'The browser declined. It decides by how much a site is used; ask again later.',
        )
        onAsked()
      })
      .catch(tellFailure('Asking for persistence'))
  }
  return (
    <div className="persistence">
      <p>
        {persisted === true
          ? 'The browser has promised not to evict it, even when space runs short.'
          : 'The browser may evict it when space runs short: it has not promised to keep it.'}
      </p>
      {persisted !== true && (
        <button type="button" className="quiet" onClick={ask}>
          Ask it to keep the data
        </button>
      )}
      <output className="hint">{answer}</output>
    </div>
  )
}
