// The built page with many issues: what scrolling and searching cost its main thread, and how long answers take. Figures
// go into the report of the run; what is asserted leaves room for a machine that is busy with other things.
// `npm run bench:page` runs this with 100,000 issues and prints the figures.
import type { Page } from '@playwright/test'
import { PARTS, PLACES, SENTENCES, SYMPTOMS } from '../../src/phrases.ts'
import { expect, list, open } from './demo-page.ts'
import { at, note, type Search, typeWords, watch } from './smoothness.ts'
import { test } from './static-site.ts'

const ISSUES = Number(process.env.HEADWATER_PAGE_ISSUES ?? 10_000)
const IS_BENCH = process.env.HEADWATER_PAGE_ISSUES !== undefined
const WORDS = ['calendar', 'keyboard shortcuts', ...(IS_BENCH ? ['invoice tab', 'screen reader'] : [])]
/** No task of the page may take more than this; a task over it is called long. */
const LONGEST_OWN_MS = 50

/** Opens issues through the page's database, as an import would: in commits of a thousand, two on their way. */
function fill(page: Page): Promise<number> {
  return page.evaluate(
    async ({ count, parts, places, symptoms, sentences }) => {
      const db = window.db
      if (!db) throw new Error('The page has no database.')
      const hour = 3_600_000
      const people = ['Amara Okafor', 'Ben Lindqvist', 'Chiara Russo', 'Dmitri Volkov', 'Elif Demir']
      const pick = (list: readonly string[], n: number): string => list[n % list.length] ?? ''
      const filled = (text: string, n: number): string =>
        text
          .replace('{part}', pick(parts, n))
          .replace('{place}', pick(places, n >> 3))
          .replace('{person}', pick(people, n))
          .replace('{n}', `${n % 240}`)
      const draft = (type: string, data: object) => ({ type, version: 1, data })
      const storyOf = (n: number) => {
        const at = Date.now() - (count - n) * (hour / 12)
        const by = pick(people, n)
        const id = `large-${n}`
        const title = filled(pick(symptoms, n * 7), n)
        const body = [n, n * 5 + 1, n * 11 + 2].map((i) => filled(pick(sentences, i), i)).join(' ')
        const labels = n % 3 === 0 ? [pick(['bug', 'design', 'regression'], n >> 2)] : []
        return [
          draft('issue.opened', { id, by, at, title, body, points: n % 8, labels }),
          ...(n % 4 ? [] : [draft('issue.assigned', { id, by, at, assignee: by })]),
          ...(n % 3 ? [] : [draft('issue.closed', { id, by, at: at + hour })]),
        ]
      }
      const begun = performance.now()
      const stored: Promise<unknown>[] = []
      for (let from = 0; from < count; from += 1_000) {
        stored.push(db.append(Array.from({ length: 1_000 }, (_, i) => storyOf(from + i)).flat()))
        await stored.at(-3)
      }
      await Promise.all(stored)
      await db.settled()
      return performance.now() - begun
    },
    { count: ISSUES, parts: PARTS, places: PLACES, symptoms: SYMPTOMS, sentences: SENTENCES },
  )
}

/** Scrolls through the list: steadily as a wheel does, then by jumps as the scrollbar is dragged. */
function scroll(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const list = document.querySelector('.list')
    if (!list) throw new Error('The page has no list.')
    const frame = (): Promise<unknown> => new Promise(requestAnimationFrame)
    for (let step = 0; step < 180; step++) {
      list.scrollBy(0, step < 90 ? 40 : 400)
      await frame()
    }
    for (let jump = 1; jump <= 60; jump++) {
      list.scrollTo(0, ((jump * 37) % 60) * (list.scrollHeight / 60))
      await frame()
    }
  })
}

/** Types the words into a field that searches, and holds the page to what was promised. */
async function search(page: Page, what: string, where: Search): Promise<void> {
  // The first search waits until the index is in memory.
  note(`${what}: the first answer`, `${at(await typeWords(page, where, ['c']), 0).toFixed(0)} ms`)
  let took: readonly number[] = []
  const typed = await watch(page, `typing in ${what}`, async () => {
    took = await typeWords(page, where, WORDS)
  })
  const [median, p95, most] = [0.5, 0.95, 1].map((share) => Math.round(at(took, share)))
  note(`${what}: answers`, `${took.length} keys, median ${median}, p95 ${p95}, most ${most} ms`)
  expect(median).toBeLessThan(400)
  expect(at(typed.frames, 0.5)).toBeLessThan(34)
  expect(typed.longestOwnMs).toBeLessThan(LONGEST_OWN_MS)
}

test('many issues are scrolled and searched without the page standing still', async ({ page, site }) => {
  test.setTimeout(180_000)
  await open(page, site.address)
  note('filled', `${ISSUES} issues in ${((await fill(page)) / 1000).toFixed(1)} s`)
  const rows = list(page).getByRole('listitem')
  await expect(rows.first()).toHaveAttribute('aria-setsize', `${ISSUES}`)

  const scrolled = await watch(page, 'scrolling', () => scroll(page))
  expect(await rows.count()).toBeLessThan(60)
  expect(at(scrolled.frames, 0.5)).toBeLessThan(34)
  expect(scrolled.longestOwnMs).toBeLessThan(LONGEST_OWN_MS)

  await search(page, 'the search', { field: '#search', answer: '.found' })
  await expect(page.getByText(/of [\d,]+ issues/)).toBeVisible()
  await page.getByLabel('Search issues').fill('')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search issues and commands' })).toBeFocused()
  await search(page, 'the palette', { field: '.palette input', answer: '.palette-summary' })
})
