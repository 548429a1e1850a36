// f: a durable append until the changed live aggregate is on the page, over 100,000 rows whose pages are warm.

/** @param {import('../runner/options.mjs').Size} size @returns {readonly import('../runner/figure.mjs').Figure[]} */
export function liveFigures(size) {
  return [
    {
      id: 'f',
      sides: ['hand', 'headwater'],
      rows: [
        {
          key: 'times',
          title: `append → changed live aggregate over ${size.events} rows, pages warm`,
          unit: 'ms',
          target: { ratioAtMost: 2 },
        },
      ],
      async prepare(lab, side) {
        await lab.clear(`live-${side}`)
        if (side === 'hand') return
        const fill = { definition: 'tracker', seed: size.seed, events: size.events, kind: 'opened' }
        await lab.sample('live-headwater', 'fill/headwater', fill)
      },
      async sample(lab, side) {
        const { seed, samples, warmUp } = size
        return lab.sample(`live-${side}`, `live/${side}`, { seed, rows: size.events, samples, warmUp })
      },
      finish: async (lab) => {
        await lab.clear('live-hand')
        await lab.clear('live-headwater')
      },
    },
  ]
}
