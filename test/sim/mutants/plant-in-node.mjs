// Plants a mutant, named by HEADWATER_MUTANT, in what Node loads past Vite: the thread of the hub's database. A hook of its
// module loader, in front of the one that runs the packages from their sources.
import { readFileSync } from 'node:fs'
import { register } from 'node:module'
import { transformSync } from 'rolldown/utils'
import { mutants } from './mutants.mjs'
import { mutate } from './plant.mjs'

const mutant = mutants.find(({ name }) => name === process.env.HEADWATER_MUTANT)
const path = mutant && new URL(`../../../${mutant.file}`, import.meta.url)

/**
 * @param {string} url
 * @param {any} context
 * @param {(url: string, context: any) => Promise<any>} next
 */
export async function load(url, context, next) {
  if (!mutant || !path || url !== path.href) return await next(url, context)
  const source = mutate(readFileSync(path, 'utf8'), mutant)
  const { code } = transformSync(path.pathname, source, { sourceType: 'module' })
  return { format: 'module', source: code, shortCircuit: true }
}

// Node loads the hooks once more, in a thread of their own, by another name.
const hooks = new URL(import.meta.url)
if (!hooks.searchParams.has('hooks')) {
  await import('../../../scripts/sources.mjs') // what is registered last is asked first
  hooks.searchParams.set('hooks', '')
  register(hooks.href)
}
