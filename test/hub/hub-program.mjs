// The command `headwater-hub` as one file beside the thread of its database: a process starts in a third of the time that single
// sources take, and tests start some forty.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const root = fileURLToPath(new URL('../../', import.meta.url))
// Below the modules that stay outside of it.
const programs = join(root, 'node_modules/.hub')

/** @type {Promise<string> | undefined} */
let built

/** Builds it, once in a process; the path of the program. */
export function hubProgram() {
  built ??= buildProgram()
  return built
}

async function buildProgram() {
  removeLeftovers()
  const outDir = join(programs, String(process.pid))
  const hub = join(root, 'packages/hub/src')
  await build({
    input: { main: join(hub, 'cli/main.ts'), thread: join(hub, 'store/sqlite/thread.ts') },
    platform: 'node',
    logLevel: 'silent',
    external: ['libsql', 'pino', 'prom-client', 'jose', 'ws'],
    resolve: { conditionNames: ['@headwater/source', 'node', 'import', 'default'] },
    output: { dir: outDir, entryFileNames: '[name].js' },
  })
  return join(outDir, 'main.js')
}

/** Removes the programs of processes that are gone: a test's worker is ended from outside. */
function removeLeftovers() {
  for (const pid of existsSync(programs) ? readdirSync(programs) : [])
    if (!isRunning(Number(pid))) rmSync(join(programs, pid), { recursive: true, force: true })
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
