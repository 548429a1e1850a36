// Bundles the simulator with all the packages in it: twice as quick as what a test runner loads module by module, deterministic
// from the first seed on (nothing is loaded late, see `parts.ts`), and the place where a mutant is planted.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { plant } from './mutants/plant.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const outRoot = join(root, 'node_modules/.sim')
const condition = '@headwater/source'
const parts = join(root, 'test/sim/parts.ts')
const noWasm = join(root, 'test/sim/sha256-wasm.ts')

/** Puts `parts.ts` in the place of `late-part.ts`, for all but itself, and nothing in that of WebAssembly. @type {import('vite').Plugin} */
const loadedParts = {
  name: 'parts-that-are-loaded',
  enforce: 'pre',
  resolveId: (source, importer) => {
    if (source.endsWith('/sha256-wasm.ts')) return noWasm
    return source.endsWith('/late-part.ts') && importer !== parts ? parts : null
  },
}

/**
 * Bundles an entry of `test/sim`; the path of the program.
 * @param {'run.ts' | 'main.ts'} entry @param {import('./mutants/plant.mjs').Mutant} [mutant]
 */
export async function bundle(entry, mutant) {
  const outDir = join(outRoot, `${mutant?.name ?? 'plain'}-${process.pid}`)
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: mutant ? [loadedParts, plant(root, mutant)] : [loadedParts],
    resolve: { conditions: [condition] },
    ssr: {
      resolve: { conditions: [condition] },
      noExternal: true,
      external: ['libsql', 'pino', 'prom-client', 'jose', 'ws'],
    },
    build: {
      ssr: `test/sim/${entry}`,
      outDir,
      emptyOutDir: true,
      minify: false,
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'main.mjs', codeSplitting: false } },
    },
  })
  return join(outDir, 'main.mjs')
}

/** Removes what this process has bundled. @param {string} program */
export function removeBundle(program) {
  rmSync(join(program, '..'), { recursive: true, force: true })
}
