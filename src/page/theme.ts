/**
 * Light, dark, or as the system has it: chosen on the page, remembered on this device, followed by all tabs. The choice
 * stands in `data-theme` on the root, where CSS reads it; `index.html` sets it before anything is painted.
 */
import { useSyncExternalStore } from 'react'

const CHOICES = ['system', 'light', 'dark'] as const

export type ThemeChoice = (typeof CHOICES)[number]

/** As index.html has it. */
const KEY = 'headwater-theme'
const darkSystem = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

const root = document.documentElement
const choiceOf = (text: string | null | undefined): ThemeChoice =>
  CHOICES.find((choice) => choice === text) ?? 'system'

const getChoice = (): ThemeChoice => choiceOf(root.dataset.theme)
const getScheme = (): 'light' | 'dark' => {
  const choice = getChoice()
  return choice === 'system' ? (darkSystem.matches ? 'dark' : 'light') : choice
}

/** Changes to a theme, for this visit and the next ones. */
export function setTheme(choice: ThemeChoice): void {
  show(choice)
  try {
    localStorage.setItem(KEY, choice)
  } catch {
    return // storage is kept from the page: the choice holds for this visit
  }
}

export const themeAfter = (choice: ThemeChoice): ThemeChoice =>
  CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] ?? 'system'

function show(choice: ThemeChoice): void {
  if (choice === 'system') delete root.dataset.theme
  else root.dataset.theme = choice
  colourTheBrowser()
  for (const listener of listeners) listener()
}

/** The bar that some browsers draw around a page: one colour for each scheme, of which one is switched on. */
function colourTheBrowser(): void {
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const { scheme } = meta.dataset
    const isChosen = getChoice() === scheme ? 'all' : 'not all'
    meta.media = getChoice() === 'system' ? `(prefers-color-scheme: ${scheme})` : isChosen
  }
}

addEventListener('storage', ({ key, newValue }) => {
  if (key === KEY) show(choiceOf(newValue))
})
darkSystem.addEventListener('change', () => {
  for (const listener of listeners) listener()
})
colourTheBrowser()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useTheme = (): ThemeChoice => useSyncExternalStore(subscribe, getChoice)

/** What is seen: the choice, or what the system has. */
export const useScheme = (): 'light' | 'dark' => useSyncExternalStore(subscribe, getScheme)
