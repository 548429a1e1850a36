/**
 * A value that changes often, shown at most five times a second: what follows a log that grows fast (rows, bars, the
 * tail) is then rendered as often as people can read, and the page stays free for typing. The first change after a
 * quiet moment shows at once. (`useDeferredValue` does not do here: steady news would put it off for ever.)
 */
import { useEffect, useRef, useState } from 'react'

const CALM_MS = 200

export function useCalm<T>(value: T): T {
  const [shown, setShown] = useState<{ readonly value: T }>({ value })
  const shownAt = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    if (Object.is(shown.value, value)) return
    const show = (): void => {
      shownAt.current = performance.now()
      setShown({ value })
    }
    // The wait is counted from when something was shown last, so that steady news does not put it off.
    const timer = setTimeout(show, Math.max(0, shownAt.current + CALM_MS - performance.now()))
    return () => clearTimeout(timer)
  }, [shown, value])
  return shown.value
}
