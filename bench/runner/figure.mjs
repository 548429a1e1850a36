// What a figure is, and how it is measured: prepare once, then rounds of by hand, Headwater, by hand, Headwater …
import { ratioOf, summarise } from './statistics.mjs'

/**
 * @typedef {'hand' | 'headwater'} SideName
 * @typedef {import('./lab.mjs').Lab} Lab
 * @typedef {import('./options.mjs').Size} Size
 * @typedef {import('./statistics.mjs').Sample} Sample
 */

/**
 * @typedef {object} Row One line of the table.
 * @property {string} key Under which a sample has its value.
 * @property {string} title
 * @property {'events/s' | 'ms' | 'MiB'} unit
 * @property {Target} [target] Without one the row only informs.
 */

/**
 * @typedef {{ readonly ratioAtLeast: number } | { readonly ratioAtMost: number } | { readonly atMost: number, readonly of: 'median' | 'p95' | 'max' }} Target
 */

/**
 * @typedef {object} Figure
 * @property {string} id The letter, and what follows it when a letter has several figures.
 * @property {readonly Row[]} rows
 * @property {readonly SideName[]} sides
 * @property {number} [rounds] When it needs no more than these.
 * @property {(lab: Lab, side: SideName) => Promise<void>} [prepare] Fills a side's storage, once.
 * @property {(lab: Lab, side: SideName, round: number) => Promise<Readonly<Record<string, Sample>>>} sample
 * @property {(lab: Lab) => Promise<void>} [finish] Deletes what was stored.
 */

/**
 * @typedef {object} Result
 * @property {string} id
 * @property {Row} row
 * @property {import('./statistics.mjs').Side | undefined} hand
 * @property {import('./statistics.mjs').Side | undefined} headwater
 * @property {{ readonly median: number, readonly low: number, readonly high: number } | undefined} ratio
 * @property {'met' | 'missed' | 'informs'} verdict
 */

/**
 * @param {Figure} figure
 * @param {Lab} lab
 * @param {number} rounds
 * @returns {Promise<readonly Result[]>}
 */
export async function measure(figure, lab, rounds) {
  for (const side of figure.sides) await figure.prepare?.(lab, side)
  /** @type {Record<SideName, Readonly<Record<string, Sample>>[]>} */
  const taken = { hand: [], headwater: [] }
  for (let round = 0; round < Math.min(rounds, figure.rounds ?? rounds); round++) {
    for (const side of figure.sides) taken[side].push(await figure.sample(lab, side, round))
  }
  await figure.finish?.(lab)
  return figure.rows.map((row) => {
    /** @param {SideName} side */
    const sideOf = (side) => {
      const samples = taken[side].flatMap((sample) =>
        row.key in sample ? [sample[row.key] ?? Number.NaN] : [],
      )
      return samples.length === 0 ? undefined : summarise(samples)
    }
    return judge(figure.id, row, sideOf('hand'), sideOf('headwater'))
  })
}

/**
 * @param {string} id
 * @param {Row} row
 * @param {import('./statistics.mjs').Side | undefined} hand
 * @param {import('./statistics.mjs').Side | undefined} headwater
 * @returns {Result}
 */
function judge(id, row, hand, headwater) {
  const ratio = hand && headwater ? ratioOf(hand, headwater) : undefined
  return { id, row, hand, headwater, ratio, verdict: verdictOf(row.target, headwater, ratio?.median) }
}

/**
 * @param {Target | undefined} target
 * @param {import('./statistics.mjs').Side | undefined} headwater
 * @param {number | undefined} ratio
 * @returns {Result['verdict']}
 */
function verdictOf(target, headwater, ratio = Number.NaN) {
  if (target === undefined || headwater === undefined) return 'informs'
  if ('ratioAtLeast' in target) return ratio >= target.ratioAtLeast ? 'met' : 'missed'
  if ('ratioAtMost' in target) return ratio <= target.ratioAtMost ? 'met' : 'missed'
  const value = target.of === 'max' ? Math.max(...headwater.rounds) : headwater[target.of]
  return value <= target.atMost ? 'met' : 'missed'
}
