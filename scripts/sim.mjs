// `npm run sim -- --seeds N --from S`: runs simulated worlds, any number from any start, and ends with what failed and how to
// replay it; `--every 1` compares views at every step, `--clones` clones profiles,
// `--fake` stores in fake-indexeddb, `--stacks` gives errors their stacks.
// `npm run sim:mutants` plants each mutant in turn and says what kills it: the contract test or the seed that is recorded for
// it, or the first seed that does. It fails when one survives. `-- --list` names them, `-- --only NAME` runs one, `-- --afresh`
// seeks seeds whatever is recorded. The simulator is bundled once a run (sources and all), with a mutant's patch applied on the
// way.
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { bundle, removeBundle } from '../test/sim/bundle.mjs'
import { killByTest } from '../test/sim/mutants/kill-by-test.mjs'
import { mutants } from '../test/sim/mutants/mutants.mjs'

const MOST_MUTANT_SEEDS = 100

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    every: { type: 'string', default: '20' },
    cores: { type: 'string', default: String(availableParallelism()) },
    mutants: { type: 'boolean', default: false },
    clones: { type: 'boolean', default: false },
    stacks: { type: 'boolean', default: false },
    fake: { type: 'boolean', default: false },
    afresh: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
})

const MUTANT_SEEDS = Math.min(MOST_MUTANT_SEEDS, Number(values.seeds))
const options = {
  checkViewsEvery: Number(values.every),
  clones: values.clones,
  stacks: values.stacks,
  store: values.fake ? 'fake-indexeddb' : 'simulated',
}

/**
 * Runs seeds in as many processes as there are cores; ends them all at the first failure when that is all that is asked for.
 * @param {string} program @param {number} from @param {number} count @param {boolean} stopAtFailure
 * @returns {Promise<{ runs: number, failures: { seed: number, message: string }[] }>}
 */
function runSeeds(program, from, count, stopAtFailure) {
  const workers = Math.min(Number(values.cores), count)
  /** @type {{ seed: number, message: string }[]} */
  const failures = []
  let next = from
  let runs = 0
  return new Promise((resolve) => {
    let alive = workers
    const children = Array.from({ length: workers }, () =>
      fork(program, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    )
    for (const child of children) {
      let seed = 0
      const give = () => {
        const isOver = next >= from + count || (stopAtFailure && failures.length > 0)
        seed = next++
        child.send(isOver ? { end: true } : { seed, options })
      }
      child.on('message', (/** @type {any} */ report) => {
        runs++
        if (report.failure) failures.push({ seed: report.seed, message: report.failure })
        if (report.failure && !stopAtFailure) process.stdout.write(`${report.failure}\n\n`)
        if (runs % 25 === 0 && !stopAtFailure)
          process.stdout.write(`${runs} of ${count} seeds, ${failures.length} failed\n`)
        give()
      })
      child.on('exit', (code, signal) => {
        if (code !== 0) {
          const message = `seed ${seed}: the process ended with ${code ?? signal}`
          failures.push({ seed, message })
          if (!stopAtFailure) process.stdout.write(`${message}\n\n`)
        }
        if (--alive === 0) resolve({ runs, failures })
      })
      give()
    }
  })
}

async function runPlain() {
  const startMs = performance.now()
  const program = await bundle('main.ts')
  const { runs, failures } = await runSeeds(program, Number(values.from), Number(values.seeds), false)
  removeBundle(program)
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1)
  process.stdout.write(`${runs} seeds in ${seconds} s, ${failures.length} failed\n`)
  process.exitCode = failures.length === 0 ? 0 : 1
}

/** What kills a mutant; nothing when it survives. @param {import('../test/sim/mutants/plant.mjs').Mutant} mutant */
async function seekDeath(mutant) {
  if (mutant.killedBy && !values.afresh) {
    const failed = killByTest(mutant)
    return failed && `killed by the test "${failed}"`
  }
  const program = await bundle('main.ts', mutant)
  const recorded = mutant.seed && !values.afresh ? await runSeeds(program, mutant.seed, 1, true) : undefined
  const { failures } = recorded?.failures.length ? recorded : await runSeeds(program, 1, MUTANT_SEEDS, true)
  removeBundle(program)
  const [killer] = failures
  return killer && `killed by seed ${killer.seed}: ${killer.message.split('\n')[0]?.slice(0, 110)}`
}

async function runMutants() {
  const chosen = mutants.filter(({ name }) => values.only === undefined || name === values.only)
  let survived = chosen.length === 0 ? 1 : 0
  for (const mutant of chosen) {
    const death = await seekDeath(mutant).catch((error) => {
      process.stdout.write(`${mutant.name}: ${error.message}\n`)
      return undefined
    })
    if (!death) survived++
    process.stdout.write(`${mutant.name}: ${death ?? 'SURVIVED'}\n`)
  }
  process.stdout.write(`${chosen.length} mutants, ${survived} survived ${MUTANT_SEEDS} seeds\n`)
  process.exitCode = survived === 0 ? 0 : 1
}

if (values.list) for (const { name, what } of mutants) process.stdout.write(`${name}: ${what}\n`)
else if (values.mutants) await runMutants()
else await runPlain()
