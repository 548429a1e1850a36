// i: whether anybody waits. The longest time that the page is blocked while events are appended, indexed, aggregated
// and made searchable; how long queries on other views take while one view rebuilds; and how long they take in a second
// tab while the first writes a checkpoint. No limit by hand: the targets are times.

/**
 * @typedef {import('../runner/options.mjs').Size} Size
 * @typedef {import('../runner/figure.mjs').Figure} Figure
 */

const site = 'respond-headwater'

/** @param {Size} size @returns {readonly Figure[]} */
export function respondFigures(size) {
  return [
    {
      id: 'i',
      sides: ['headwater'],
      rounds: 3,
      rows: [
        {
          key: 'longTaskMs',
          title: `longest task over 50 ms of the page while ${size.events} events are appended and made searchable`,
          unit: 'ms',
          target: { atMost: 50, of: 'max' },
        },
        {
          key: 'lateTurnMs',
          title: '… longest time without a turn of the page, machine included',
          unit: 'ms',
        },
        { key: 'searchableRate', title: '… appended, indexed, aggregated and searchable', unit: 'events/s' },
        {
          key: 'rebuildTimes',
          title: 'queries on other views while one rebuilds',
          unit: 'ms',
          target: { atMost: 50, of: 'p95' },
        },
        {
          key: 'checkpointTimes',
          title: 'queries in a second tab while the first writes a checkpoint',
          unit: 'ms',
          target: { atMost: 50, of: 'p95' },
        },
      ],
      async sample(lab) {
        await lab.clear(site)
        const first = await lab.open(site)
        const second = await lab.open(site)
        try {
          const filled = await first.run('respond/fill', { seed: size.seed, events: size.events })
          const { times: rebuildTimes } = await first.run('respond/rebuild', {})
          const querying = second.run('respond/query', { rows: size.events * 0.28 })
          await first.run('respond/write', { seed: size.seed + 1, events: size.events / 5 })
          await second.run('respond/stop', {})
          const { times: checkpointTimes } = await querying
          return { ...filled, rebuildTimes, checkpointTimes }
        } finally {
          await first.close()
          await second.close()
        }
      },
      finish: (lab) => lab.clear(site),
    },
  ]
}
