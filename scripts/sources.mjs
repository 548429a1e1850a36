// Lets Node run the packages from their sources, unbuilt: `node --import ./scripts/sources.mjs -C @headwater/source …`.
// Types are stripped by the transformer that Vite brings along; threads and child processes inherit both flags.
import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'rolldown/utils'

/**
 * A hook of Node's module loader: source files of this repository are JavaScript with types.
 * @param {string} url
 * @param {any} context
 * @param {(url: string, context: any) => Promise<any>} next
 */
export async function load(url, context, next) {
  if (!/\.tsx?$/.test(url) || url.includes('/node_modules/')) return await next(url, context)
  const path = fileURLToPath(url)
  const { code, errors } = transformSync(path, await readFile(path, 'utf8'), { sourceType: 'module' })
  const [error] = errors
  if (error) throw new Error(`${path}: ${error.message}`)
  return { format: 'module', source: code, shortCircuit: true }
}

// Node loads the hooks once more, in a thread of their own, by another name.
const hooks = new URL(import.meta.url)
if (!hooks.searchParams.has('hooks')) {
  hooks.searchParams.set('hooks', '')
  register(hooks.href)
}
