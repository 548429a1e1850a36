// `npm run bench`: Headwater in Chromium beside the same work done by hand, in one run. Prints a line a figure as it is
// measured and writes everything to .reports/bench.json. Ends with 0 also when a target is missed, which it says, and
// with 1 when something broke.
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { allFigures } from './figures/all.mjs'
import { measure } from './runner/figure.mjs'
import { openLab } from './runner/lab.mjs'
import { parseOptions, usage } from './runner/options.mjs'
import { profileFigure } from './runner/profile.mjs'
import { resultToLine, tableHead, writeReport } from './runner/report.mjs'

const reports = fileURLToPath(new URL('../.reports/', import.meta.url))

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`)
}

/** @param {import('./runner/options.mjs').Options} options */
async function main(options) {
  const figures = allFigures(options.size).filter(({ id }) =>
    isWanted(id, options.profile?.split(',') ?? options.only),
  )
  if (figures.length === 0) throw new Error(`no figure is called so.\n${usage}`)
  const lab = await openLab()
  const cores = cpus()
  say(
    `${lab.browserVersion}, ${cores.length} × ${cores[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}`,
  )
  try {
    if (options.profile !== undefined)
      for (const figure of figures) say(await profileFigure(figure, lab, reports))
    else await measureAll(figures, lab, options)
  } finally {
    await lab.close()
  }
}

/**
 * @param {readonly import('./runner/figure.mjs').Figure[]} figures
 * @param {import('./runner/lab.mjs').Lab} lab
 * @param {import('./runner/options.mjs').Options} options
 */
async function measureAll(figures, lab, options) {
  if (options.quick) say('Quick: says whether everything runs, not how fast.')
  say(
    `Only ratios count, differences under 1.3 × are noise. Medians of ${options.size.rounds} rounds.\n\n${tableHead()}`,
  )
  /** @type {import('./runner/figure.mjs').Result[]} */
  const results = []
  let broken = 0
  for (const figure of figures) {
    try {
      const measured = await measure(figure, lab, options.size.rounds)
      results.push(...measured)
      for (const result of measured) say(resultToLine(result))
    } catch (error) {
      broken++
      say(`${figure.id} BROKEN: ${error instanceof Error ? error.message : error}`)
    }
  }
  const count = (/** @type {string} */ verdict) =>
    results.filter((result) => result.verdict === verdict).length
  say(`\n${count('met')} met, ${count('missed')} missed, ${broken} broken`)
  const machine = { browser: lab.browserVersion, cores: cpus().length, model: cpus()[0]?.model }
  writeReport(`${reports}bench.json`, { machine, at: new Date().toISOString(), options, results })
  if (broken > 0) process.exitCode = 1
}

/** @param {string} id @param {readonly string[] | undefined} wanted */
function isWanted(id, wanted) {
  return (
    wanted === undefined || wanted.some((name) => id === name || (name.length === 1 && id.startsWith(name)))
  )
}

if (process.argv.includes('--help')) say(usage)
else await main(parseOptions(process.argv.slice(2)))
