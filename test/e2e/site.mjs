// The site that end-to-end tests visit: the demo as it is built, the page of `tabs/`, and the README's code, each at its own path.
// What is built loads in a tenth of the time that single modules take. The build is React's for development, so that its
// warnings are heard.
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { writeReadmePages } from './readme-code.mjs'

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url))

process.env.NODE_ENV = 'development'
await build({
  mode: 'e2e',
  logLevel: 'error',
  build: {
    outDir: process.argv[2] ?? '.reports/page',
    rolldownOptions: { input: [here('../../index.html'), here('./tabs/index.html'), ...writeReadmePages()] },
  },
})
