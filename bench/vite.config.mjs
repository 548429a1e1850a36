// The bench pages as a production build: what an app's users run. Packages are taken from their sources; names are
// kept, so that a CPU profile can be read.
import { fileURLToPath } from 'node:url'
import { defaultClientConditions } from 'vite'

/** @satisfies {import('vite').InlineConfig} */
export default {
  root: fileURLToPath(new URL('page', import.meta.url)),
  base: './',
  logLevel: 'warn',
  resolve: { conditions: ['@headwater/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  build: {
    outDir: fileURLToPath(new URL('dist', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    minify: false,
    modulePreload: false,
    chunkSizeWarningLimit: 5_000,
  },
}
