/**
 * The issues as a board: a column per status or per person. Moving a card is an ordinary change of the issue, by pointer or
 * by keyboard, and is taken back like any other.
 */
import { useQuery } from '@headwater/react'
import { type ReactNode, useCallback, useMemo, useRef } from 'react'
import { AssigneeFilter, LabelFilter, StatusFilterField } from '../issues/filters.tsx'
import type { Filter } from '../issues/listing.ts'
import { NewLink } from '../issues/new-link.tsx'
import { useMakeChange, useUndoKeys } from '../issues/use-changes.ts'
import { useListing } from '../issues/use-listing.ts'
import { usePeople } from '../issues/use-people.ts'
import type { Issue } from '../model.ts'
import { useIsPast } from '../moment.ts'
import { Fault } from '../page/fault.tsx'
import type { FaultText } from '../page/fault-of.ts'
import { tellFailure } from '../page/notice-store.ts'
import { Segments } from '../page/segments.tsx'
import { useCalm } from '../page/use-calm.ts'
import { type Columns, navigate, type Route, useRoute } from '../route.ts'
import { BoardColumn } from './board-column.tsx'
import { CardText, HINT_ID } from './card.tsx'
import { type Column, columnsOf } from './columns.ts'
import { type Drag, useDrag } from './use-drag.ts'

export function BoardPage(): ReactNode {
  const route = useRoute()
  const people = usePeople()
  const isPast = useIsPast()
  useUndoKeys(!isPast)
  const make = useMakeChange()
  const columns = useMemo(() => columnsOf(route, people), [route, people])
  const fault = useFault(columns)
  const board = useRef<HTMLDivElement>(null)
  const bring = useCallback(
    (issue: Issue, key: string | undefined) => {
      const change = columns.find((column) => column.key === key)?.bring(issue)
      if (change !== undefined) make(change).catch(tellFailure('Moving the issue'))
    },
    [columns, make],
  )
  const { drag, grab } = useDrag(bring)
  const press = (event: KeyboardEvent, issue: Issue, column: Column): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = columns.indexOf(column)
    if (!event.shiftKey) focusColumn(board.current, at, step)
    else if (!isPast) bring(issue, columns[at + step]?.key)
  }
  return (
    <div className="board">
      <h1 className="sr-only">Board</h1>
      <BoardHead route={route} isPast={isPast} fault={fault} />
      <div ref={board} className="columns" data-columns={route.columns} data-dragging={drag !== undefined}>
        {columns.map((column) => (
          <BoardColumn
            key={JSON.stringify([column.key, column.filter])}
            column={column}
            route={route}
            isOver={drag?.over === column.key}
            grabbed={drag?.issue.id}
            onGrab={isPast ? ignore : grab}
            onPress={press}
            told={fault}
          />
        ))}
      </div>
      {drag && <Grabbed drag={drag} />}
    </div>
  )
}

const ignore = (): void => undefined

/** What keeps the first column from being read: as all are of one table, the others say the same. */
function useFault(columns: readonly Column[]): FaultText | undefined {
  const { total } = useListing(columns[0]?.filter ?? ANY)
  return useCalm(useQuery(total)).error
}

const ANY: Filter = { status: 'all', assignee: undefined, label: undefined }

const COLUMNS: readonly (readonly [columns: Columns, label: string])[] = [
  ['status', 'By status'],
  ['assignee', 'By assignee'],
]

interface HeadProps {
  readonly route: Route
  readonly isPast: boolean
  readonly fault: FaultText | undefined
}

function BoardHead({ route, isPast, fault }: HeadProps): ReactNode {
  return (
    <div className="board-head">
      <Segments
        name="columns"
        legend="Columns"
        options={COLUMNS}
        chosen={route.columns}
        onChoose={(columns) => navigate({ ...route, columns, status: 'all', assignee: undefined })}
      />
      {route.columns === 'status' ? <AssigneeFilter route={route} /> : <StatusFilterField route={route} />}
      <LabelFilter route={route} />
      <p id={HINT_ID} className="hint">
        {isPast ? (
          'As it was then.'
        ) : (
          <>
            Drag a card, or move it with <kbd>Shift</kbd> <kbd>←</kbd> <kbd>→</kbd>
          </>
        )}
      </p>
      {!isPast && <NewLink route={route} />}
      {fault && <Fault error={fault} />}
    </div>
  )
}

function Grabbed({ drag: { issue, x, y } }: { readonly drag: Drag }): ReactNode {
  return (
    <div
      className="issue-card floating"
      style={{ transform: `translate(${x}px, ${y}px)` }}
      aria-hidden="true"
    >
      <CardText issue={issue} />
    </div>
  )
}

/** The next column in that direction that has a card. */
function focusColumn(board: HTMLElement | null, at: number, step: number): void {
  const columns = [...(board?.querySelectorAll('[data-column]') ?? [])]
  for (let next = at + step; columns[next] !== undefined; next += step) {
    const card = columns[next]?.querySelector<HTMLElement>('a[tabindex="0"]')
    if (!card) continue
    card.focus()
    return
  }
}
