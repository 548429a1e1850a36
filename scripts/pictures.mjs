// `npm run pictures`: makes the pictures of the README anew, in docs/, by the end-to-end test that walks through the demo for it.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const playwright = join(root, 'node_modules/@playwright/test/cli.js')
const { status } = spawnSync(process.execPath, [playwright, 'test', 'pictures.e2e.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, HEADWATER_PICTURES: '1' },
})
process.exitCode = status ?? 1
