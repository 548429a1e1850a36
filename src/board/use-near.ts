/** Whether an element is in, or within about a column of, the board that scrolls it. */
import { type RefObject, useEffect, useRef, useState } from 'react'

const MARGIN = '0px 300px'

export function useNear(): readonly [ref: RefObject<HTMLElement | null>, isNear: boolean] {
  const ref = useRef<HTMLElement>(null)
  const [isNear, setNear] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting ?? false), {
      root: element.closest('.columns'),
      rootMargin: MARGIN,
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, isNear]
}
