// a, d: the log alone, in a worker. Appending 100,000 events in commits of 1,000, and reading them back with a fresh
// worker, beside segments of JSON by hand.

/** @typedef {import('../runner/figure.mjs').Figure} Figure */

const COMMIT_EVENTS = 1_000

/**
 * @param {import('../runner/options.mjs').Size} size
 * @param {number} inFlight
 * @returns {Figure}
 */
function appendFigure(size, inFlight) {
  const way = inFlight === 1 ? 'one awaited after another' : `${inFlight} on their way at once`
  return {
    id: inFlight === 1 ? 'a' : `a${inFlight}`,
    sides: ['hand', 'headwater'],
    rows: [
      {
        key: 'rate',
        title: `append ${size.events} events in commits of ${COMMIT_EVENTS}, ${way}`,
        unit: 'events/s',
        target: { ratioAtLeast: 0.7 },
      },
    ],
    async sample(lab, side) {
      const site = `append-${side}`
      const options = {
        database: 'append',
        seed: size.seed,
        events: size.events,
        commitEvents: COMMIT_EVENTS,
        inFlight,
      }
      await lab.clear(site)
      const { ms } = await lab.sample(site, `task/${side}`, { task: 'append', options })
      await lab.clear(site)
      return { rate: (size.events / ms) * 1_000 }
    },
  }
}

/** @param {import('../runner/options.mjs').Size} size @returns {Figure} */
function readFigure(size) {
  /** @type {number | undefined} */
  let sum
  return {
    id: 'd',
    sides: ['hand', 'headwater'],
    rows: [
      {
        key: 'rate',
        title: `read ${size.events} events back after a restart`,
        unit: 'events/s',
        target: { ratioAtLeast: 0.8 },
      },
    ],
    prepare: (lab, side) => fillLog(lab, `read-${side}`, side, size),
    async sample(lab, side) {
      const options = { database: 'log' }
      const read = await lab.sample(`read-${side}`, `task/${side}`, { task: 'read', options })
      sum ??= read.sum
      if (read.sum !== sum) throw new Error('the two sides read different events')
      return { rate: (size.events / read.ms) * 1_000 }
    },
    finish: (lab) => clearBoth(lab, 'read'),
  }
}

/**
 * Stores the stream's events on a site.
 * @param {import('../runner/lab.mjs').Lab} lab
 * @param {string} site
 * @param {import('../runner/figure.mjs').SideName} side
 * @param {import('../runner/options.mjs').Size} size
 */
export async function fillLog(lab, site, side, size) {
  const options = {
    database: 'log',
    seed: size.seed,
    events: size.events,
    commitEvents: COMMIT_EVENTS,
    inFlight: 1,
  }
  await lab.clear(site)
  await lab.sample(site, `task/${side}`, { task: 'append', options })
}

/** @param {import('../runner/lab.mjs').Lab} lab @param {string} name */
export async function clearBoth(lab, name) {
  await lab.clear(`${name}-hand`)
  await lab.clear(`${name}-headwater`)
}

/** @param {import('../runner/options.mjs').Size} size @returns {readonly Figure[]} */
export function logFigures(size) {
  return [appendFigure(size, 1), appendFigure(size, 4), readFigure(size)]
}
