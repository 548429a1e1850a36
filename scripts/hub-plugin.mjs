// A plugin of Vite that attaches a hub to the dev server, at /hub on the same port: demo and hub are one process. Vite's own
// sockets (hot reload) are at other paths and stay its own. The page is told of it by a meta element, which a static build
// has none of. The page that end-to-end tests are run on is built, with that element, and previewed with a hub (mode e2e). The hub is open, on this machine only, and says so; what it holds lies in .headwater-hub, or in memory with
// HEADWATER_HUB_MEMORY=1.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where the dev server's hub takes connections. */
export const HUB_PATH = '/hub'

/** @returns {import('vite').Plugin} */
export function hubPlugin() {
  let isThere = false
  /** @param {import('vite').ViteDevServer | import('vite').PreviewServer} server */
  const attach = async (server) => {
    isThere = await attachTo(server)
  }
  return {
    name: 'headwater-hub',
    apply: (_config, { command, mode }) => command === 'serve' || mode === 'e2e',
    configResolved({ command }) {
      isThere = command === 'build'
    },
    transformIndexHtml: () =>
      isThere
        ? [{ tag: 'meta', attrs: { name: 'headwater-hub', content: `.${HUB_PATH}` }, injectTo: 'head' }]
        : [],
    configureServer: attach,
    configurePreviewServer: attach,
  }
}

/**
 * Whether a hub is there now.
 * @param {import('vite').ViteDevServer | import('vite').PreviewServer} server
 */
async function attachTo({ httpServer, config }) {
  if (httpServer === null || process.env.VITEST) return false
  if (!process.execArgv.includes('@headwater/source')) {
    config.logger.warn(
      'No hub: start Vite by npm start, which lets Node run the packages from their sources.',
    )
    return false
  }
  const entry = pathToFileURL(join(config.root, 'packages/hub/src/index.ts')).href
  /** @type {typeof import('../packages/hub/src/index.ts')} */
  const { attachHub } = await import(entry)
  const { store, release, where } = await openStore(config.root, entry)
  // Vite's server is one of HTTP/1 unless certificates are configured, which the demo does not.
  const http = /** @type {import('node:http').Server} */ (httpServer)
  const hub = await attachHub(http, { store, path: HUB_PATH })
  config.logger.info(
    `  ➜  Hub:     ${HUB_PATH}, ${where}; no token is asked for, and only this machine is served`,
  )
  httpServer.once('close', () => {
    void hub
      .close()
      .then(() => store.close())
      .then(release)
  })
  return true
}

/**
 * @param {string} root
 * @param {string} entry
 */
async function openStore(root, entry) {
  /** @type {typeof import('../packages/hub/src/index.ts')} */
  const { createMemoryHubStore, nodePlatform, openSqliteStore, readStampKey, takeDataDirectory } =
    await import(entry)
  if (process.env.HEADWATER_HUB_MEMORY === '1') {
    const stampKey = new Uint8Array(randomBytes(32))
    const store = createMemoryHubStore({ stampKey }, nodePlatform.random)
    return { store, release: () => undefined, where: 'in memory' }
  }
  const data = join(root, '.headwater-hub', 'data')
  const stampKey = await readStampKey(join(root, '.headwater-hub', 'stamp-key'), data, nodePlatform.random)
  const { file, release } = await takeDataDirectory(data)
  return {
    store: await openSqliteStore({ file, stampKey }, nodePlatform),
    release,
    where: 'stored in .headwater-hub',
  }
}
