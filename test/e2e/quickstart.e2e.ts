// The quick start of the README, extracted and run as it stands: its three files are written beside a page of their
// own, served by the same Vite server, and what it logs is what its comment says.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const folder = fileURLToPath(new URL('./quickstart-from-readme/', import.meta.url))

/** The code blocks of the section, by the file name in their first line. */
function quickStart(): ReadonlyMap<string, string> {
  const section = readme.slice(
    readme.indexOf('## Quick start'),
    readme.indexOf('\n## ', readme.indexOf('## Quick start') + 1),
  )
  const blocks = [...section.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]!)
  return new Map(blocks.map((code) => [/^\/\/ (\w+\.ts)/.exec(code)?.[1] ?? 'unnamed', code]))
}

test.beforeAll(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, code] of quickStart()) writeFileSync(`${folder}${name}`, code)
  writeFileSync(
    `${folder}index.html`,
    '<!doctype html><link rel="icon" href="data:,"><title>quick start</title><script type="module" src="./page.ts"></script>',
  )
})
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the quick start has its three files in under 30 lines', () => {
  const files = quickStart()
  expect([...files.keys()]).toEqual(['model.ts', 'worker.ts', 'page.ts'])
  const lines = [...files.values()].flatMap((code) => code.split('\n')).filter((line) => line.trim() !== '')
  expect(lines.length).toBeLessThan(30)
})

test('the quick start runs, and logs what its comment says', async ({ page }) => {
  const logged: unknown[] = []
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', async (message) => {
    if (message.type() === 'log') logged.push(await message.args()[0]?.jsonValue())
    if (message.type() === 'error') faults.push(message.text())
  })
  await page.goto('/test/e2e/quickstart-from-readme/index.html')
  await expect.poll(() => logged, { timeout: 20_000 }).toEqual([{ issues: 1, points: 3 }])
  expect(faults).toEqual([])
})
