// The quick start of the README and its sections on documents, the past and syncing, extracted and run as they stand (`site.mjs`
// builds them): what they log is what their comments say.
import { expect, test } from '@playwright/test'
import { codeOf } from './readme-code.mjs'

test('the quick start has its three files in under 30 lines', { tag: '@main' }, () => {
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
  test(`${what} runs, and logs what its comment says`, { tag: '@main' }, async ({ page }) => {
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
