/** One column of the board: its cards in a list that holds only those on screen, once the column is near the window. */
import { useQuery } from '@headwater/react'
import { type PointerEvent, type ReactNode, useCallback } from 'react'
import { formatCount } from '../format.ts'
import { useListing } from '../issues/use-listing.ts'
import { VirtualList } from '../issues/virtual-list.tsx'
import type { Issue } from '../model.ts'
import type { FaultText } from '../page/fault-of.ts'
import { Person } from '../page/person.tsx'
import { useCalm } from '../page/use-calm.ts'
import type { Route } from '../route.ts'
import { Card } from './card.tsx'
import type { Column } from './columns.ts'
import { useNear } from './use-near.ts'

/** As `.issue-card` has it in the style, with the gap below. */
const CARD_HEIGHT_PX = 104

interface BoardColumnProps {
  readonly column: Column
  readonly route: Route
  /** A card is held over it. */
  readonly isOver: boolean
  readonly grabbed: string | undefined
  readonly onGrab: (event: PointerEvent, issue: Issue) => void
  readonly onPress: (event: KeyboardEvent, issue: Issue, column: Column) => void
  /** What the board has told of already. */
  readonly told: FaultText | undefined
}

export function BoardColumn({
  column,
  route,
  isOver,
  grabbed,
  onGrab,
  onPress,
  told,
}: BoardColumnProps): ReactNode {
  const listing = useListing(column.filter)
  const [ref, isNear] = useNear()
  const { data: total } = useCalm(useQuery(listing.total))
  const render = useCallback(
    (issue: Issue, tabIndex: 0 | -1) => (
      <Card
        issue={issue}
        route={route}
        tabIndex={tabIndex}
        isGrabbed={issue.id === grabbed}
        onGrab={onGrab}
      />
    ),
    [route, grabbed, onGrab],
  )
  return (
    <section
      ref={ref}
      className="column"
      data-column={column.key}
      data-over={isOver}
      aria-label={column.title}
    >
      <h2>
        {column.person ? <Person name={column.person} withName /> : column.title}
        <small>{total === undefined ? '' : formatCount(total)}</small>
      </h2>
      {isNear && (
        <VirtualList
          listing={listing}
          label={`Issues: ${column.title}`}
          rowHeightPx={CARD_HEIGHT_PX}
          nothing="Nothing here."
          render={render}
          press={(event, issue) => onPress(event, issue, column)}
          told={told}
        />
      )}
    </section>
  )
}
