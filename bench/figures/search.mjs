// h: from `openDatabase` to the first search, after quiet. By hand: a bare MiniSearch dump in one IndexedDB value,
// loaded at once (`loadJSONAsync` waits between its slices on timers that browsers clamp: it takes 2 to 5 times as
// long, so it is not the limit).

/** @typedef {import('../runner/figure.mjs').Figure} Figure */

/** Two words that about one document in three hundred has; the second as one types it. */
const text = 'harmika terl'

/**
 * @param {import('../runner/options.mjs').Size} size
 * @param {number} documents
 * @returns {Figure}
 */
function searchFigure(size, documents) {
  /** @type {number | undefined} */
  let expected
  return {
    id: `h${documents / 1_000}k`,
    sides: ['hand', 'headwater'],
    rows: [
      {
        key: 'ms',
        title: `open → first search of ${documents} documents`,
        unit: 'ms',
        target: { ratioAtMost: 1.5 },
      },
    ],
    async prepare(lab, side) {
      const site = `search-${side}`
      const { seed } = size
      await lab.clear(site)
      if (side === 'hand') await lab.sample(site, 'dump/hand', { seed, documents })
      else
        await lab.sample(site, 'fill/headwater', {
          definition: 'search',
          seed,
          events: documents,
          kind: 'opened',
        })
      await lab.sample(site, `search/${side}`, { text, loading: 'loadJSON' })
    },
    async sample(lab, side) {
      const { ms, total } = await lab.sample(`search-${side}`, `search/${side}`, {
        text,
        loading: 'loadJSON',
      })
      expected ??= total
      if (total === 0 || total !== expected)
        throw new Error(`"${text}" is found ${total} times, not ${expected}`)
      return { ms }
    },
    async finish(lab) {
      await lab.clear('search-hand')
      await lab.clear('search-headwater')
    },
  }
}

/** @param {import('../runner/options.mjs').Size} size @returns {readonly Figure[]} */
export function searchFigures(size) {
  return size.documentCounts.map((documents) => searchFigure(size, documents))
}
