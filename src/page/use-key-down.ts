/** Keys pressed inside an element that is no control itself: a list with links, a form with fields. */
import { type RefObject, useLayoutEffect, useRef } from 'react'

export function useKeyDown<Inside extends HTMLElement>(
  press: (event: KeyboardEvent, element: Inside) => void,
): RefObject<Inside | null> {
  const ref = useRef<Inside>(null)
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return
    const listen = (event: KeyboardEvent): void => press(event, element)
    element.addEventListener('keydown', listen)
    return () => element.removeEventListener('keydown', listen)
  })
  return ref
}
