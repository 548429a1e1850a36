// What the first load of the built page takes in JavaScript, compressed (brotli): the page with everything that it imports
// before it shows, and the worker with everything that it imports before it answers. What is loaded when a place is opened
// (machine room, experiments, editor, numbers) is not among it. Fails above the limit; a step of `npm run check`.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'

const LIMIT_KIB = 250
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'node_modules/.page-size')

const built = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', folder, '--emptyOutDir'],
  { cwd: root, encoding: 'utf8' },
)
if (built.status !== 0) throw new Error(`The page cannot be built.\n${built.stdout}${built.stderr}`)

/** @type {Map<string, number>} */
const sizes = new Map()

/** Counts a script, what it imports before it runs, and the workers that it starts. @param {string} path */
function count(path) {
  if (sizes.has(path)) return
  const code = readFileSync(join(folder, path), 'utf8')
  sizes.set(path, brotliCompressSync(code).length)
  const imported = [...code.matchAll(/(?:from|import)\s*["'`](\.[^"'`]+\.js)["'`]/g)]
  const workers = [...code.matchAll(/new URL\(\s*["'`]([^"'`]*worker-[\w-]+\.js)["'`]/g)]
  for (const [, file] of [...imported, ...workers]) count(posix.join(posix.dirname(path), file ?? ''))
}

const page = readFileSync(join(folder, 'index.html'), 'utf8')
for (const [, path] of page.matchAll(/(?:src|href)="\.\/([^"]+\.js)"/g)) count(path ?? '')
rmSync(folder, { recursive: true, force: true })

const worker = [...sizes.keys()].some((path) => path.includes('worker-'))
const total = [...sizes.values()].reduce((sum, size) => sum + size, 0) / 1024
const list = [...sizes].map(([path, size]) => `  ${path} ${(size / 1024).toFixed(1)} KiB`).join('\n')
process.stdout.write(`${list}\nfirst load: ${total.toFixed(1)} KiB of ${LIMIT_KIB} KiB\n`)
if (!worker) throw new Error('The worker is not among the first load: this script has lost sight of it.')
if (total > LIMIT_KIB) process.exitCode = 1
