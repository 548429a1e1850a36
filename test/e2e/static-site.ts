// The page as it is hosted: built once for all tests that ask for it, served as plain files below a sub-path, as any host of
// files does it, without a hub.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../hub/hub-process.ts'
import { test as pageTest } from './demo-page.ts'

const root = join(fileURLToPath(new URL('..', import.meta.url)), '..')
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}

export const SUB_PATH = '/some/where/'

export interface StaticSite {
  /** Where the files are, for a test that changes one. */
  readonly folder: string
  /** Of the page, with the slash at the end. */
  readonly address: string
  /** Every path that was asked for since it was emptied. */
  readonly asked: string[]
  /** Takes the site off the network, also for what the browser asks past its pages, as it does for a new service worker. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  close(): Promise<void>
}

export const test = pageTest.extend<object, { site: StaticSite }>({
  site: [
    // oxlint-disable-next-line no-unused-vars -- Playwright reads what a fixture needs from a pattern, and wants one where that is nothing
    async ({ browserName: _ }, use) => {
      const site = await openStaticSite()
      await use(site)
      await site.close()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})

/** Builds the page into a folder of its own and serves it. */
async function openStaticSite(): Promise<StaticSite> {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-static-'))
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const built = spawnSync(process.execPath, [vite, 'build', '--outDir', folder, '--emptyOutDir'], {
    cwd: root,
  })
  if (built.status !== 0) throw new Error(`The page could not be built.\n${built.stderr}`)
  const asked: string[] = []
  const server = serveFiles(folder, asked)
  const port = await freePort()
  const comeBack = (): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  const goAway = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await comeBack()
  return {
    folder,
    address: `http://127.0.0.1:${port}${SUB_PATH}`,
    asked,
    goAway,
    comeBack,
    close: async () => {
      await goAway()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The files of the folder below the sub-path, and nothing else. */
function serveFiles(folder: string, asked: string[]): Server {
  return createServer(({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://host')
    asked.push(pathname)
    const path = pathname.slice(SUB_PATH.length) || 'index.html'
    try {
      const body = pathname.startsWith(SUB_PATH) ? readFileSync(join(folder, path)) : undefined
      const headers = { 'content-type': TYPES[extname(path)] ?? 'text/plain', 'cache-control': 'no-cache' }
      response.writeHead(body ? 200 : 404, headers).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
}
