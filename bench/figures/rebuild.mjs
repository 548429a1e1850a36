// e, j: table, index, history and aggregates from the stored log, stored again as pages; and the memory that a worker
// holds afterwards. Both sides are asked the same questions, and must give the same answers.
import { clearBoth, fillLog } from './log.mjs'

const MIB = 1_048_576

/** @param {import('../runner/options.mjs').Size} size @returns {readonly import('../runner/figure.mjs').Figure[]} */
export function rebuildFigures(size) {
  /** @type {string | undefined} */
  let answers
  return [
    {
      id: 'e',
      sides: ['hand', 'headwater'],
      rows: [
        {
          key: 'rate',
          title: `rebuild table, index, history and aggregates from ${size.events} stored events`,
          unit: 'events/s',
          target: { ratioAtLeast: 0.8 },
        },
        { key: 'foldMs', title: '… of that, reading and folding', unit: 'ms' },
        { key: 'storedMiB', title: '… pages stored, as text', unit: 'MiB' },
        { key: 'memoryMiB', title: '… memory of page and worker afterwards (j)', unit: 'MiB' },
      ],
      prepare: (lab, side) => fillLog(lab, `rebuild-${side}`, side, size),
      async sample(lab, side) {
        const page = await lab.open(`rebuild-${side}`)
        try {
          const options = { database: 'log', pages: 'pages' }
          const rebuilt = await page.run(`task/${side}`, { task: 'rebuild', options })
          answers ??= rebuilt.answers
          if (rebuilt.answers !== answers) throw new Error(differenceOf(answers ?? '', rebuilt.answers))
          return {
            rate: (size.events / rebuilt.ms) * 1_000,
            foldMs: rebuilt.readAndFoldMs,
            storedMiB: rebuilt.storedChars / MIB,
            memoryMiB: (await page.run('memory', {})) / MIB,
          }
        } finally {
          await page.close()
        }
      },
      finish: (lab) => clearBoth(lab, 'rebuild'),
    },
  ]
}

/** @param {string} one @param {string} other */
function differenceOf(one, other) {
  const place = one.split('').findIndex((character, index) => other[index] !== character)
  const around = (/** @type {string} */ text) => text.slice(Math.max(0, place - 60), place + 60)
  return `the two sides give different answers: …${around(one)}… and …${around(other)}…`
}
