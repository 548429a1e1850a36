// Medians and ratios. A sample is one number, or a list of them when it timed many small things; two sides of a round
// are compared with each other, so that what slows the machine down for a while slows down both.

/** @typedef {number | readonly number[]} Sample */

/** @param {readonly number[]} values @param {number} fraction */
export function quantile(values, fraction) {
  const sorted = [...values].sort((a, b) => a - b)
  const place = Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * fraction) - 1))
  return sorted[place] ?? Number.NaN
}

/** @param {readonly number[]} values */
export function median(values) {
  return (
    (quantile(values, 0.5) +
      quantile(
        [...values].map((value) => -value),
        0.5,
      ) *
        -1) /
    2
  )
}

/** @param {Sample} sample */
export function sampleToNumber(sample) {
  return typeof sample === 'number' ? sample : median(sample)
}

/**
 * @typedef {object} Side What one side measured over all rounds.
 * @property {number} median
 * @property {number} p95 Of the single timings where there are any, else of the rounds.
 * @property {readonly number[]} rounds
 */

/** @param {readonly Sample[]} samples @returns {Side} */
export function summarise(samples) {
  const rounds = samples.map(sampleToNumber)
  return { median: median(rounds), p95: quantile(samples.flat(), 0.95), rounds }
}

/**
 * @param {Side} hand
 * @param {Side} headwater
 * @returns {{ readonly median: number, readonly low: number, readonly high: number }}
 */
export function ratioOf(hand, headwater) {
  const ratios = headwater.rounds.map((value, round) => value / (hand.rounds[round] ?? Number.NaN))
  return { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) }
}
