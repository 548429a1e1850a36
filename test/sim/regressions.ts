// Seeds that failed once, with what they run with: they run with every `npm test`, before all others. Who changes what the
// weather draws changes what a seed means; a fault is therefore also kept as a small test of its own, at its place.

import type { RunOptions } from './run.ts'

/** A seed that failed. */
export interface Regression {
  readonly seed: number
  readonly options?: RunOptions
  /** What went wrong. */
  readonly what: string
}

export const regressions: readonly Regression[] = [
  {
    seed: 35,
    what: 'a page that had not said its hello yet heard the answer to the hello of another leader of its device',
  },
  { seed: 49, options: { clones: true }, what: 'a profile was copied while its log was being made' },
  { seed: 132, what: 'the commit of a receipt was reissued while a query waited for it' },
  { seed: 411, what: 'a search index that had told of some of a change did not tell of the rest' },
  { seed: 504, what: 'a page was asked from a receipt of whom its status still named as its replica' },
  { seed: 987, what: 'a base without rows was held against what another build folds' },
  {
    seed: 1439,
    what: 'a search missed rows with which its table was ahead of the documents that are joined to it',
  },
  {
    seed: 1460,
    what: 'a base made by a tab that had not heard of a voiding came under what another had folded',
  },
  { seed: 1748, what: 'a search index stood still for as long as storage owed its dump an answer' },
  {
    seed: 3835,
    what: 'a search was asked for a receipt while its table was behind it, on the base of another tab',
  },
  {
    seed: 3949,
    what: 'what a device had exported it lost with its power, and wrote anew under the same number',
  },
  {
    seed: 4636,
    what: 'documents stood still while one after the other waited for a handle that had fallen silent',
  },
  { seed: 5123, what: 'a page that was being closed paused syncing when the calm had begun' },
]
