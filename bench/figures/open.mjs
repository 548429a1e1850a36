// g: from `openDatabase` to the first answers of a table, after quiet, system cache warm. By hand: stored pages, read
// one by one. Every sample is a fresh page; the rows are stored once, on Headwater's side through its own appends.

/** @typedef {import('../runner/figure.mjs').Figure} Figure */

const LARGE_ROWS = 1_000_000

/**
 * @param {import('../runner/options.mjs').Size} size
 * @param {number} rows
 * @returns {Figure}
 */
function openFigure(size, rows) {
  const atMost = rows >= LARGE_ROWS ? 160 : 80
  return {
    id: rows >= LARGE_ROWS ? 'g1M' : 'g',
    sides: ['hand', 'headwater'],
    rows: [
      { key: 'getMs', title: `open → one row of ${rows}`, unit: 'ms', target: { atMost, of: 'median' } },
      {
        key: 'rangeMs',
        title: `open → 50 rows by index of ${rows}`,
        unit: 'ms',
        target: { atMost, of: 'median' },
      },
    ],
    async prepare(lab, side) {
      const site = `open-${side}`
      await lab.clear(site)
      if (side === 'hand') await fillByHand(lab, site, size.seed, rows)
      else
        await lab.sample(site, 'fill/headwater', {
          definition: 'tracker',
          seed: size.seed,
          events: rows,
          kind: 'opened',
        })
      // One that does not count, so that the system's cache is as warm for the first round as for the others.
      await lab.sample(site, `open/${side}`, { rows })
    },
    sample: (lab, side) => lab.sample(`open-${side}`, `open/${side}`, { rows }),
    async finish(lab) {
      await lab.clear('open-hand')
      await lab.clear('open-headwater')
    },
  }
}

/** @param {import('../runner/lab.mjs').Lab} lab @param {string} site @param {number} seed @param {number} rows */
async function fillByHand(lab, site, seed, rows) {
  const append = { database: 'log', seed, events: rows, commitEvents: 1_000, inFlight: 1, kind: 'opened' }
  await lab.sample(site, 'task/hand', { task: 'append', options: append })
  await lab.sample(site, 'task/hand', { task: 'rebuild', options: { database: 'log', pages: 'pages' } })
}

/** @param {import('../runner/options.mjs').Size} size @returns {readonly Figure[]} */
export function openFigures(size) {
  return size.rowCounts.map((rows) => openFigure(size, rows))
}
