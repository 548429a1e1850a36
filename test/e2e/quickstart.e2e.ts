// The quick start of the README and its sections on documents, the past and syncing, extracted and run as they stand: their files are written beside
// pages of their own, served by the same Vite server, which has a hub, and what they log is what their comments say.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const folder = fileURLToPath(new URL('./quickstart-from-readme/', import.meta.url))

/** The code blocks of a section, by the file name in their first line. */
function codeOf(heading: string): ReadonlyMap<string, string> {
  const section = readme.slice(readme.indexOf(heading), readme.indexOf('\n## ', readme.indexOf(heading) + 1))
  const blocks = [...section.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]!)
  return new Map(blocks.map((code) => [/^\/\/ (\w+\.ts)/.exec(code)?.[1] ?? 'unnamed', code]))
}

test.beforeAll(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const heading of ['## Quick start', '## Documents', '## Time travel', '## Sync'])
    for (const [name, code] of codeOf(heading)) writeFileSync(`${folder}${name}`, code)
  for (const [page, script] of [
    ['index', 'page'],
    ['documents', 'notes'],
    ['past', 'past'],
    ['sync', 'sync'],
  ])
    writeFileSync(
      `${folder}${page}.html`,
      `<!doctype html><link rel="icon" href="data:,"><title>quick start</title><script type="module" src="./${script}.ts"></script>`,
    )
})
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the quick start has its three files in under 30 lines', () => {
  const files = codeOf('## Quick start')
  expect([...files.keys()]).toEqual(['model.ts', 'worker.ts', 'page.ts'])
  const lines = [...files.values()].flatMap((code) => code.split('\n')).filter((line) => line.trim() !== '')
  expect(lines.length).toBeLessThan(30)
})

for (const { what, file, logs } of [
  { what: 'the quick start', file: 'index', logs: { issues: 1, points: 3 } },
  { what: 'the section on documents', file: 'documents', logs: 'It crashes when …' },
  { what: 'the section on time travel', file: 'past', logs: 'open' },
  { what: 'the section on syncing', file: 'sync', logs: 0 },
])
  test(`${what} runs, and logs what its comment says`, async ({ page }) => {
    const logged: unknown[] = []
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', async (message) => {
      if (message.type() === 'log') logged.push(await message.args()[0]?.jsonValue())
      if (message.type() === 'error') faults.push(message.text())
    })
    await page.goto(`/test/e2e/quickstart-from-readme/${file}.html`)
    await expect.poll(() => logged, { timeout: 20_000 }).toEqual([logs])
    expect(faults).toEqual([])
  })
