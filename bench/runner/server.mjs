// Serves the built pages on the loopback interface, under any name that ends in .localhost, so that every side of a
// figure has an origin, and with it a storage, of its own. The headers isolate the page, which measuring memory needs.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

/** @type {Readonly<Record<string, string>>} */
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' }

/**
 * @param {string} folder
 * @returns {Promise<{ readonly port: number, close(): Promise<void> }>}
 */
export async function serveFolder(folder) {
  const server = createServer((request, response) => answer(folder, request.url ?? '/', response))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** @param {string} folder @param {string} url @param {import('node:http').ServerResponse} response */
function answer(folder, url, response) {
  const path = new URL(url, 'http://localhost').pathname
  const file = normalize(join(folder, path === '/' ? 'index.html' : path))
  const isThere = file.startsWith(folder + sep) && existsSync(file) && statSync(file).isFile()
  response.writeHead(isThere ? 200 : 404, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'cache-control': 'max-age=3600',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  })
  if (isThere) createReadStream(file).pipe(response)
  else response.end()
}
