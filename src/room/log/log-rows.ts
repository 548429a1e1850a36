/** Rows of the log as a virtual list takes them: how many there are, what each shows, and which are on screen. */
import type { HistoryEntry } from 'headwater'

export interface LogRows {
  readonly count: number
  /** `coming` while it is read; `passed over` where an offset has no event that stands and is known here. */
  readonly at: (index: number) => HistoryEntry | 'coming' | 'passed over'
  readonly offsetAt: (index: number) => number
  /** Says which rows are on screen, so that they are read. */
  readonly show: (from: number, to: number) => void
  /** Whether there may be more than `count`. */
  readonly isOpenEnded: boolean
}
