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
  { seed: 987, what: 'the base of a new build that holds no row was compared with what the old one folds' },
  { seed: 1439, what: 'a search index missed what its table jumped over while the documents lagged' },
  { seed: 1748, what: 'a search index stood still for as long as storage owed its dump an answer' },
]
