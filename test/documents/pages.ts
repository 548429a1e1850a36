// Pages with documents: databases opened in process over one stored log, as the tabs of one browser are.

import type { Database, OpenOptions } from 'headwater'
import { expect } from 'vitest'
import { open } from '../database/world.ts'
import { pad } from './model.ts'

export { pad }
export type Pad = Database<typeof pad>

/** A tab: tabs of one name share everything stored. */
export function openTab(name: string, options: OpenOptions = {}): Promise<Pad> {
  return open(pad, { storage: 'indexeddb', name, ...options })
}

/** Resolves once `isTrue`; fails by time. */
export async function until(isTrue: () => boolean | Promise<boolean>, what = 'the condition'): Promise<void> {
  await expect.poll(isTrue, { interval: 5, message: what }).toBe(true)
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** How many events the log holds. */
export async function eventsIn(db: Pad): Promise<number> {
  return (await db.readLog({ limit: 10_000 })).entries.length
}
