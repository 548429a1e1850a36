/** Whether an element is in, or within about a screen of, the window of the list that scrolls it. */
import { type RefObject, useEffect, useRef, useState } from 'react'

const MARGIN = '900px 0px'

export function useNear(): readonly [ref: RefObject<HTMLDivElement | null>, isNear: boolean] {
  const ref = useRef<HTMLDivElement>(null)
  const [isNear, setNear] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting ?? false), {
      root: element.closest('.list'),
      rootMargin: MARGIN,
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, isNear]
}
