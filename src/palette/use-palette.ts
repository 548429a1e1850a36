/** Whether the palette is open; Ctrl K (on a Mac ⌘ K) opens and closes it, wherever the focus is. */
import { useCallback, useLayoutEffect, useState } from 'react'

export const IS_MAC = /Mac|iP(hone|ad|od)/.test(navigator.userAgent)

export interface PaletteState {
  readonly isOpen: boolean
  readonly open: () => void
  readonly close: () => void
}

export function usePalette(): PaletteState {
  const [isOpen, setOpen] = useState(false)
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isAsked = IS_MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey
      if (!isAsked || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      event.stopPropagation()
      setOpen((isNow) => !isNow)
    }
    // Before an editor on the page takes the key for itself.
    addEventListener('keydown', press, { capture: true })
    return () => removeEventListener('keydown', press, { capture: true })
  }, [])
  const open = useCallback(() => setOpen(true), [])
  const close = useCallback(() => setOpen(false), [])
  return { isOpen, open, close }
}
