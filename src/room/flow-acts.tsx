/** Two buttons that make an event, to see it pass through the dataflow beside them. */
import { useAppend, useQuery } from '@headwater/react'
import type { ReactNode } from 'react'
import { useTracker } from '../database.ts'
import { closed, drawId, opened } from '../issues/drafts.ts'
import { useIsPast } from '../moment.ts'
import { Icon } from '../page/icon.tsx'
import { tellFailure } from '../page/notice-store.ts'

const TITLES = [
  'The tide clock is slow',
  'The compass points south',
  'The anchor drags',
  'The bilge pump hums',
] as const
const NEWEST_OPEN = { prefix: ['open'], reverse: true, limit: 1 } as const

export function FlowActs(): ReactNode {
  const { data } = useQuery(useTracker().views.issues.range('byStatus', NEWEST_OPEN))
  const [newestOpen] = data ?? []
  const [append, { pending }] = useAppend()
  const isPast = useIsPast()
  const title = (): string => TITLES[Math.floor(Math.random() * TITLES.length)] ?? TITLES[0]
  const open = (): void => {
    const fields = { title: title(), body: 'Opened in the machine room.', points: 1, labels: [] }
    append(opened(drawId(), fields)).catch(tellFailure('Opening an issue'))
  }
  const close = (): void => {
    if (newestOpen) append(closed(newestOpen.id)).catch(tellFailure('Closing the issue'))
  }
  return (
    <p className="acts">
      <button type="button" className="quiet" disabled={pending || isPast} onClick={open}>
        <Icon name="plus" /> Open an issue
      </button>
      <button type="button" className="quiet" disabled={pending || isPast || !newestOpen} onClick={close}>
        <Icon name="closed" /> Close the newest
      </button>
    </p>
  )
}
