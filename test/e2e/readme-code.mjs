// The README's code as files: the quick start and the sections on documents, the past and syncing, extracted as they stand, each
// beside a page of its own that loads it.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const folder = fileURLToPath(new URL('./quickstart-from-readme/', import.meta.url))

/** The pages, each with the file that it loads. */
const PAGES = { index: 'page', documents: 'notes', past: 'past', sync: 'sync' }

/**
 * The code blocks of a section, by the file name in their first line.
 * @param {string} heading
 * @returns {ReadonlyMap<string, string>}
 */
export function codeOf(heading) {
  const section = readme.slice(readme.indexOf(heading), readme.indexOf('\n## ', readme.indexOf(heading) + 1))
  const blocks = [...section.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)
  return new Map(blocks.map((code) => [/^\/\/ (\w+\.ts)/.exec(code)?.[1] ?? 'unnamed', code]))
}

/**
 * Writes them anew.
 * @returns {readonly string[]} where the pages are
 */
export function writeReadmePages() {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const heading of ['## Quick start', '## Documents', '## Time travel', '## Sync'])
    for (const [name, code] of codeOf(heading)) writeFileSync(`${folder}${name}`, code)
  return Object.entries(PAGES).map(([page, script]) => {
    const path = `${folder}${page}.html`
    writeFileSync(
      path,
      `<!doctype html><link rel="icon" href="data:,"><title>quick start</title><script type="module" src="./${script}.ts"></script>`,
    )
    return path
  })
}
