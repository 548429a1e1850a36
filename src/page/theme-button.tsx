/** Goes round the themes: as the system has it, light, dark. */
import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import { setTheme, themeAfter, useTheme } from './theme.ts'

export function ThemeButton(): ReactNode {
  const theme = useTheme()
  const next = themeAfter(theme)
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Theme: ${theme}`}
      title={`Theme: ${theme}. Click for ${next}.`}
      onClick={() => setTheme(next)}
    >
      <Icon name={theme} />
    </button>
  )
}
