// The tests' configuration with a mutant planted, named by HEADWATER_MUTANT: for the mutants that a contract test kills.
import { fileURLToPath } from 'node:url'
import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../../../vite.config.ts'
import { mutants } from './mutants.mjs'
import { plant } from './plant.mjs'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const name = process.env.HEADWATER_MUTANT
const mutant = mutants.find((each) => each.name === name)
if (!mutant) throw new Error(`there is no mutant "${name}"`)

export default defineConfig(async (env) =>
  mergeConfig(await base(env), {
    root,
    plugins: [plant(root, mutant)],
    test: {
      reporters: [['json', { outputFile: `node_modules/.sim/${name}.json` }]],
      watch: false,
      execArgv: ['--import', new URL('./plant-in-node.mjs', import.meta.url).href],
    },
  }),
)
