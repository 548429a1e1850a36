/**
 * Dragging a card to another column with a mouse or a pen. (A finger scrolls; on a touch screen an issue is opened and
 * changed there.) A press becomes a drag after a few pixels; Escape drops it where it was.
 */
import { type PointerEvent as Press, useCallback, useEffect, useState } from 'react'
import type { Issue } from '../model.ts'

export interface Drag {
  readonly issue: Issue
  readonly x: number
  readonly y: number
  /** The key of the column below the pointer. */
  readonly over: string | undefined
}

const SLACK_PX = 6
/** Nearer than this to its edge, the board scrolls along. */
const EDGE_PX = 56
const SCROLL_PX = 24

interface Dragging {
  readonly drag: Drag | undefined
  readonly grab: (event: Press, issue: Issue) => void
}

export function useDrag(onDrop: (issue: Issue, column: string) => void): Dragging {
  const [pressed, setPressed] = useState<{ readonly issue: Issue; readonly x: number; readonly y: number }>()
  const [drag, setDrag] = useState<Drag>()
  useEffect(() => {
    if (pressed === undefined) return
    const controller = new AbortController()
    const { signal } = controller
    let current: Drag | undefined
    const show = (next: Drag | undefined): void => {
      current = next
      setDrag(next)
    }
    const end = (): void => {
      show(undefined)
      setPressed(undefined)
    }
    const move = ({ clientX: x, clientY: y }: PointerEvent): void => {
      if (current === undefined && Math.hypot(x - pressed.x, y - pressed.y) < SLACK_PX) return
      show({ issue: pressed.issue, x, y, over: columnAt(x, y) })
    }
    const drop = (): void => {
      if (current?.over !== undefined) onDrop(current.issue, current.over)
      // The click that follows a drag opens nothing.
      if (current !== undefined) addEventListener('click', refuse, { capture: true, once: true })
      setTimeout(() => removeEventListener('click', refuse, { capture: true }))
      end()
    }
    addEventListener('pointermove', move, { signal })
    addEventListener('pointerup', drop, { signal })
    addEventListener('pointercancel', end, { signal })
    addEventListener('keydown', ({ key }) => key === 'Escape' && end(), { signal })
    return () => controller.abort()
  }, [pressed, onDrop])
  const grab = useCallback((event: Press, issue: Issue) => {
    if (event.pointerType === 'touch' || event.button !== 0 || event.ctrlKey || event.metaKey) return
    setPressed({ issue, x: event.clientX, y: event.clientY })
  }, [])
  return { drag, grab }
}

function refuse(event: Event): void {
  event.preventDefault()
  event.stopPropagation()
}

function columnAt(x: number, y: number): string | undefined {
  const element = document.elementFromPoint(x, y)
  const board = element?.closest('.columns')
  if (board) {
    const { left, right } = board.getBoundingClientRect()
    if (x < left + EDGE_PX) board.scrollBy(-SCROLL_PX, 0)
    if (x > right - EDGE_PX) board.scrollBy(SCROLL_PX, 0)
  }
  return element?.closest<HTMLElement>('[data-column]')?.dataset.column
}
