// b, c: appends of one event from the page, un-awaited and awaited. Each also with a tracker's views behind the log,
// which by hand has no counterpart: those rows inform.

/**
 * @typedef {import('../runner/figure.mjs').Figure} Figure
 * @typedef {'events' | 'everything'} Definition Which database: events alone, or all views of a tracker as well.
 */

/**
 * @param {import('../runner/options.mjs').Size} size
 * @param {Definition} definition
 * @returns {Figure}
 */
function manyFigure(size, definition) {
  const informs = definition === 'everything'
  return {
    id: informs ? 'b+' : 'b',
    sides: informs ? ['headwater'] : ['hand', 'headwater'],
    rows: [
      {
        key: 'rate',
        title: `${size.appends} un-awaited appends of one event, page → worker${informs ? ', all views folding' : ''}`,
        unit: 'events/s',
        ...(informs ? {} : { target: { ratioAtLeast: 0.7 } }),
      },
    ],
    async sample(lab, side) {
      const site = `many-${side}`
      const options = { seed: size.seed, appends: size.appends, warmUp: size.appends / 5, definition }
      await lab.clear(site)
      const { ms } = await lab.sample(site, `many/${side}`, options)
      await lab.clear(site)
      return { rate: (size.appends / ms) * 1_000 }
    },
  }
}

/**
 * @param {import('../runner/options.mjs').Size} size
 * @param {Definition} definition
 * @returns {Figure}
 */
function oneFigure(size, definition) {
  const informs = definition === 'everything'
  return {
    id: informs ? 'c+' : 'c',
    sides: informs ? ['headwater'] : ['hand', 'headwater'],
    rows: [
      {
        key: 'times',
        title: `one awaited append, page → worker${informs ? ', all views folding' : ''}`,
        unit: 'ms',
        ...(informs ? {} : { target: { ratioAtMost: 1.3 } }),
      },
    ],
    async sample(lab, side) {
      const site = `one-${side}`
      const { seed, samples, warmUp } = size
      await lab.clear(site)
      const { times } = await lab.sample(site, `one/${side}`, { seed, samples, warmUp, definition })
      await lab.clear(site)
      return { times }
    },
  }
}

/** @param {import('../runner/options.mjs').Size} size @returns {readonly Figure[]} */
export function appendFigures(size) {
  return [
    manyFigure(size, 'events'),
    manyFigure(size, 'everything'),
    oneFigure(size, 'events'),
    oneFigure(size, 'everything'),
  ]
}
