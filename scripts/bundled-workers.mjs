// A plugin of Vite for tests in the browser: a worker of a test comes as one file, not as some hundred and fifty modules that a
// server transforms and a browser asks for, one by one, each time that a test starts one.
import { build } from 'rolldown'

const WORKER = /^(.*\.worker\.ts)\?worker_file/

/**
 * @param {string} condition under which packages are resolved by their sources
 * @returns {import('vite').Plugin}
 */
export function bundledWorkers(condition) {
  /** @type {Map<string, Promise<string>>} */
  const bundles = new Map()
  /** @param {string} input */
  const bundle = async (input) => {
    const { output } = await build({
      input,
      write: false,
      logLevel: 'silent',
      platform: 'browser',
      resolve: { conditionNames: [condition, 'browser', 'import', 'module', 'default'] },
      output: { codeSplitting: false },
    })
    return output[0].code
  }
  return {
    name: 'headwater-bundled-workers',
    enforce: 'pre',
    apply: () => process.env.VITEST !== undefined,
    load(id) {
      const path = WORKER.exec(id)?.[1]
      if (path === undefined) return undefined
      const code = bundles.get(path) ?? bundle(path)
      bundles.set(path, code)
      return code
    },
  }
}
