// Planting a mutant: one exact string of one source is replaced while it is bundled. A string that is not there exactly once
// is an error, so that mutants do not die by growing old.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} Mutant
 * @property {string} name
 * @property {string} what What it does wrong.
 * @property {string} file
 * @property {string} find Must be in the file exactly once.
 * @property {string} put
 * @property {number} [seed] The first seed that kills it.
 * @property {{ readonly file: string, readonly title: string }} [killedBy] The test that kills it, instead.
 */

/** The source with the mutant in it. @param {string} source @param {Mutant} mutant */
export function mutate(source, { name, file, find, put }) {
  const times = source.split(find).length - 1
  if (times !== 1) throw new Error(`mutant "${name}": its text is in ${file} ${times} times, not once`)
  return source.replace(find, () => put)
}

/** A plugin that plants it. @param {string} root @param {Mutant} mutant @returns {import('vite').Plugin} */
export function plant(root, mutant) {
  const path = join(root, mutant.file)
  return {
    name: 'plant-a-mutant',
    enforce: 'pre',
    load: (id) => (id === path ? mutate(readFileSync(path, 'utf8'), mutant) : null),
  }
}
