/** The places of the page, in the order in which they are offered. */
import type { PageName } from '../route.ts'

interface Place {
  readonly page: PageName
  readonly label: string
  /** For where there is little room. */
  readonly short: string
}

export const PLACES: readonly Place[] = [
  { page: 'issues', label: 'Issues', short: 'Issues' },
  { page: 'board', label: 'Board', short: 'Board' },
  { page: 'numbers', label: 'Numbers', short: 'Numbers' },
  { page: 'room', label: 'Machine room', short: 'Room' },
  { page: 'experiments', label: 'Experiments', short: 'Experiments' },
]
