/**
 * Log and bases in memory, for as long as the database is open. Loaded where it is asked for: what is kept in the browser does
 * without.
 */
import { createMemoryLog, type EventRegistry, type Log } from '@headwater/log'
import { type BaseStore, createMemoryBaseStore } from '@headwater/views'
import type { Platform } from '../seams.ts'

/** Opens both. */
export function openMemory(
  events: EventRegistry,
  { clock, random }: Platform,
): { readonly log: Log; readonly store: BaseStore } {
  return { log: createMemoryLog({ events, clock, random }), store: createMemoryBaseStore() }
}
