/**
 * What was chosen last in the palette, newest first, remembered on this device. What is stored is foreign data: whatever
 * does not read as a list of choices is taken for none, and a device that stores nothing forgets.
 */
import * as v from 'valibot'

/** A choice by its identity, with the title that it had. */
export interface RecentChoice {
  readonly id: string
  readonly title: string
}

const KEY = 'headwater-recent'
const MOST = 5
const stored = v.array(v.object({ id: v.string(), title: v.string() }))

export function recentChoices(): readonly RecentChoice[] {
  try {
    return v.parse(stored, JSON.parse(localStorage.getItem(KEY) ?? '[]')).slice(0, MOST)
  } catch {
    return [] // storage is kept from the page, or holds something else
  }
}

export function rememberChoice({ id, title }: RecentChoice): void {
  const others = recentChoices().filter((choice) => choice.id !== id)
  try {
    localStorage.setItem(KEY, JSON.stringify([{ id, title }, ...others].slice(0, MOST)))
  } catch {
    return // kept from the page, or full: nothing is remembered
  }
}
