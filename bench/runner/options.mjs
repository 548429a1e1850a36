// The command line of the benchmark, and the sizes that follow from it.
import { parseArgs } from 'node:util'

export const usage = `npm run bench -- [options]
  --only a,c      only these figures (letters, see bench/README.md)
  --rounds N      rounds of every figure (default 5)
  --quick         10,000 events and two rounds: says whether everything runs, not how fast
  --small         leaves out what needs a database of 1,000,000 rows
  --profile a     one Headwater sample of one figure under the CPU profiler: the functions with the most self time`

/**
 * @typedef {object} Size
 * @property {number} seed
 * @property {number} events Events of the large figures.
 * @property {number} appends Un-awaited appends.
 * @property {number} samples Samples of one round where a sample is one event.
 * @property {number} warmUp
 * @property {number} rounds
 * @property {readonly number[]} rowCounts Sizes of table that are opened.
 * @property {readonly number[]} documentCounts Sizes of search index that are opened.
 */

/**
 * @typedef {object} Options
 * @property {readonly string[] | undefined} only
 * @property {string | undefined} profile
 * @property {boolean} quick
 * @property {Size} size
 */

/** @param {readonly string[]} args @returns {Options} */
export function parseOptions(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      small: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  })
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0 && rounds <= 50)) {
    throw new Error(`--rounds ${values.rounds} is no number of rounds from 1 to 50`)
  }
  return {
    only: values.only?.split(','),
    profile: values.profile,
    quick: values.quick,
    size: values.quick ? quickSize(rounds) : fullSize(rounds, values.small),
  }
}

/** @param {number | undefined} rounds @param {boolean} isSmall @returns {Size} */
function fullSize(rounds, isSmall) {
  return {
    seed: 1,
    events: 100_000,
    appends: 10_000,
    samples: 400,
    warmUp: 100,
    rounds: rounds ?? 5,
    rowCounts: isSmall ? [100_000] : [100_000, 1_000_000],
    documentCounts: [10_000, 100_000],
  }
}

/** @param {number | undefined} rounds @returns {Size} */
function quickSize(rounds) {
  return {
    seed: 1,
    events: 10_000,
    appends: 2_000,
    samples: 60,
    warmUp: 20,
    rounds: rounds ?? 2,
    rowCounts: [10_000],
    documentCounts: [2_000],
  }
}
