/**
 * Keys outside of fields: `n` for a new issue, and `/` to search, where there is something to search in. They work as soon as
 * the page is seen, hence the layout effect: a busy machine may run other effects much later.
 */
import { useLayoutEffect } from 'react'
import { navigate, type Route } from '../route.ts'

export function useShortcuts(route: Route): void {
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target, key } = event
      const isTyping =
        target instanceof HTMLElement &&
        (target.isContentEditable || target.matches('input, textarea, select, dialog *'))
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return
      if (key !== '/' && key !== 'n') return
      event.preventDefault()
      if (key === 'n') navigate({ ...route, issue: 'new' })
      else document.querySelector<HTMLElement>('#search')?.focus()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [route])
}
