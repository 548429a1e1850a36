/**
 * Opens the databases of the figures as an app does: a definition and a worker file of its own.
 */
import { type Database, openDatabase } from 'headwater'
import { eventsOnly, everything, searchable, tracker } from './model.ts'

export const openEvents = (): Promise<Database<typeof eventsOnly>> =>
  openDatabase(eventsOnly, {
    worker: () =>
      new Worker(new URL('./events-worker.ts', import.meta.url), { type: 'module', name: 'engine' }),
  })

export const openTracker = (): Promise<Database<typeof tracker>> =>
  openDatabase(tracker, {
    worker: () =>
      new Worker(new URL('./tracker-worker.ts', import.meta.url), { type: 'module', name: 'engine' }),
  })

export const openSearchable = (): Promise<Database<typeof searchable>> =>
  openDatabase(searchable, {
    worker: () =>
      new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module', name: 'engine' }),
  })

export const openEverything = (): Promise<Database<typeof everything>> =>
  openDatabase(everything, {
    worker: () =>
      new Worker(new URL('./everything-worker.ts', import.meta.url), { type: 'module', name: 'engine' }),
  })

/** Which of them; the samples' options name one. */
export type DefinitionName = 'events' | 'tracker' | 'search' | 'everything'

export function openNamed(name: DefinitionName): Promise<Database> {
  switch (name) {
    case 'events':
      return openEvents()
    case 'tracker':
      return openTracker()
    case 'search':
      return openSearchable()
    case 'everything':
      return openEverything()
  }
}
