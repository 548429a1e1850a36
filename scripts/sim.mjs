// `npm run sim -- --seeds N --from S`: runs simulated worlds, any number from any start, and ends with what failed and how to
// replay it. `npm run sim:mutants` plants each mutant in turn and runs seeds until one of them sees it; `-- --list` names them,
// `-- --only NAME` runs one. The simulator is bundled once a run (sources and all), with a mutant's patch applied on the way.
import { fork } from 'node:child_process'
import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { mutants } from '../test/sim/mutants/mutants.mjs'
import { plant } from '../test/sim/mutants/plant.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const outRoot = join(root, 'node_modules/.sim')
const MOST_MUTANT_SEEDS = 100

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    every: { type: 'string', default: '20' },
    mutants: { type: 'boolean', default: false },
    clones: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
})

const MUTANT_SEEDS = Math.min(MOST_MUTANT_SEEDS, Number(values.seeds))

/** Bundles the simulator; the path of the program. @param {import('../test/sim/mutants/plant.mjs').Mutant} [mutant] */
async function bundle(mutant) {
  const outDir = join(outRoot, mutant?.name ?? 'plain')
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: mutant ? [plant(root, mutant)] : [],
    resolve: { conditions: ['@headwater/source'] },
    ssr: {
      resolve: { conditions: ['@headwater/source'] },
      noExternal: true,
      external: ['libsql', 'pino', 'prom-client', 'jose', 'ws'],
    },
    build: {
      ssr: 'test/sim/main.ts',
      outDir,
      emptyOutDir: true,
      minify: false,
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'main.mjs' } },
    },
  })
  return join(outDir, 'main.mjs')
}

/**
 * Runs seeds in as many processes as there are cores; ends them all at the first failure when that is all that is asked for.
 * @param {string} program @param {number} from @param {number} count @param {boolean} stopAtFailure
 * @returns {Promise<{ runs: number, failures: { seed: number, message: string }[] }>}
 */
function runSeeds(program, from, count, stopAtFailure) {
  const workers = Math.min(availableParallelism(), count)
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
      const give = () => {
        const isOver = next >= from + count || (stopAtFailure && failures.length > 0)
        child.send(
          isOver ? { end: true } : { seed: next++, every: Number(values.every), clones: values.clones },
        )
      }
      child.on('message', (/** @type {any} */ report) => {
        runs++
        if (report.failure) failures.push({ seed: report.seed, message: report.failure })
        if (report.failure && !stopAtFailure) process.stdout.write(`${report.failure}\n\n`)
        if (runs % 25 === 0 && !stopAtFailure)
          process.stdout.write(`${runs} of ${count} seeds, ${failures.length} failed\n`)
        give()
      })
      child.on('exit', () => {
        if (--alive === 0) resolve({ runs, failures })
      })
      give()
    }
  })
}

async function runPlain() {
  const startMs = performance.now()
  const { runs, failures } = await runSeeds(await bundle(), Number(values.from), Number(values.seeds), false)
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1)
  process.stdout.write(`${runs} seeds in ${seconds} s, ${failures.length} failed\n`)
  process.exitCode = failures.length === 0 ? 0 : 1
}

async function runMutants() {
  const chosen = mutants.filter(({ name }) => values.only === undefined || name === values.only)
  let alive = 0
  for (const mutant of chosen) {
    const { runs, failures } = await runSeeds(await bundle(mutant), 1, MUTANT_SEEDS, true)
    const [killer] = failures
    if (!killer) alive++
    const fate = killer
      ? `killed by seed ${killer.seed}: ${killer.message.split('\n')[0]?.slice(0, 110)}`
      : `ALIVE after ${runs} seeds`
    process.stdout.write(`${mutant.name}: ${mutant.killedBy ? `dies by ${mutant.killedBy}; ` : ''}${fate}\n`)
  }
  process.stdout.write(`${chosen.length} mutants, ${alive} alive after ${MUTANT_SEEDS} seeds\n`)
}

if (values.list) for (const { name, what } of mutants) process.stdout.write(`${name}: ${what}\n`)
else if (values.mutants) await runMutants()
else await runPlain()
rmSync(outRoot, { recursive: true, force: true })
