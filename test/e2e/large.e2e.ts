// The demo with 100,000 issues: what scrolling and searching cost the page's main thread. Figures go into the report of the
// run; what is asserted leaves room for a machine that is busy with other things.
import { expect as baseExpect, type Page, test } from '@playwright/test'

const expect = baseExpect.configure({ timeout: 30_000 })
const ISSUES = 100_000

/** What a stretch of use did to the main thread. */
interface Smoothness {
  /** Milliseconds between frames, ascending. */
  readonly frames: readonly number[]
  readonly longTasks: readonly number[]
}

/** Opens issues through the page's database, as an import would: in commits of a thousand, two on their way. */
function fill(page: Page): Promise<number> {
  return page.evaluate(async (count) => {
    const generator = '/src/generator.ts'
    const { generateEvents } = await import(generator)
    const db = window.db
    if (!db) throw new Error('The page has no database.')
    const begun = performance.now()
    const story = [...generateEvents({ seed: 4, count: 8_000, endsAt: Date.now() })]
    const texts = story.filter(({ type }) => type === 'issue.opened').map(({ data }) => data)
    const hour = 3_600_000
    const people = ['Amara Okafor', 'Ben Lindqvist', 'Chiara Russo', 'Dmitri Volkov', 'Elif Demir']
    const draft = (type: string, data: object) => ({ type, version: 1, data })
    const stored: Promise<unknown>[] = []
    for (let from = 0; from < count; from += 1_000) {
      const drafts = Array.from({ length: 1_000 }, (_, i) => {
        const n = from + i
        const at = Date.now() - (count - n) * (hour / 12)
        const opened = draft('issue.opened', { ...texts[n % texts.length], id: `large-${n}`, at })
        const by = people[n % people.length]
        const assigned = draft('issue.assigned', { id: `large-${n}`, by, at, assignee: by })
        const closed = draft('issue.closed', { id: `large-${n}`, by, at: at + hour })
        return [opened, ...(n % 4 ? [] : [assigned]), ...(n % 3 ? [] : [closed])]
      })
      stored.push(db.append(drafts.flat()))
      await stored.at(-3)
    }
    await Promise.all(stored)
    await db.settled()
    return performance.now() - begun
  }, ISSUES)
}

/** Watches frames and long tasks while `run` goes on. */
async function watch(page: Page, run: () => Promise<void>): Promise<Smoothness> {
  const watching = await page.evaluateHandle(() => {
    const frames: number[] = []
    const longTasks: number[] = []
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(duration)
    })
    observer.observe({ type: 'longtask' })
    let last = performance.now()
    let isOver = false
    const tick = (now: number): void => {
      frames.push(now - last)
      last = now
      if (!isOver) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    return () => {
      isOver = true
      observer.disconnect()
      return { frames: frames.slice(2).sort((a, b) => a - b), longTasks }
    }
  })
  await run()
  return watching.evaluate((stop) => stop())
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

function report(what: string, { frames, longTasks }: Smoothness): void {
  const [median, p95, most] = [0.5, 0.95, 1].map((share) => at(frames, share).toFixed(1))
  const tasks = longTasks.length === 0 ? 'none' : longTasks.map((ms) => ms.toFixed(0)).join(', ')
  note(what, `${frames.length} frames, median ${median}, p95 ${p95}, most ${most} ms; long tasks: ${tasks}`)
}

function note(type: string, description: string): void {
  test.info().annotations.push({ type, description })
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

/** Types words letter by letter; answers how long after each key the list of hits was another one. */
function typeWords(page: Page, words: readonly string[]): Promise<readonly number[]> {
  return page.evaluate(async (words) => {
    const field = document.querySelector<HTMLInputElement>('#search')
    const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')
    const pane = document.querySelector('.list-pane')
    if (!field || !value || !pane) throw new Error('The page has no search field.')
    const took: number[] = []
    const press = async (text: string): Promise<void> => {
      const pressed = performance.now()
      const changed = new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          const found = pane.querySelector('.found')
          if (found?.getAttribute('data-text') !== text.trim() || found.ariaBusy === 'true') return
          observer.disconnect()
          resolve(performance.now() - pressed)
        })
        observer.observe(pane, { subtree: true, childList: true, characterData: true, attributes: true })
      })
      value.set?.call(field, text)
      field.dispatchEvent(new InputEvent('input', { bubbles: true, data: text.at(-1) ?? '' }))
      took.push(await changed)
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    for (const word of words)
      for (let length = 1; length <= word.length; length++) await press(word.slice(0, length))
    return took.sort((a, b) => a - b)
  }, words)
}

test('100,000 issues are scrolled and searched without the page standing still', async ({ page }) => {
  test.setTimeout(180_000)
  await page.goto('/')
  await expect(page.getByRole('navigation', { name: 'Places' })).toBeVisible()
  note('filled', `${((await fill(page)) / 1000).toFixed(1)} s`)
  const list = page.getByRole('list', { name: 'Issues in this list' })
  await expect(list.getByRole('link').first()).toBeVisible()

  const scrolled = await watch(page, () => scroll(page))
  report('scrolling', scrolled)
  expect(await list.getByRole('listitem').count()).toBeLessThan(60)
  expect(at(scrolled.frames, 0.5)).toBeLessThan(34)

  await page.getByLabel('Search issues').fill('crash')
  await expect(page.getByText(/of [\d,]+ issues/)).toBeVisible({ timeout: 60_000 })
  let took: readonly number[] = []
  const typed = await watch(page, async () => {
    took = await typeWords(page, ['calendar', 'keyboard shortcuts', 'invoice tab', 'screen reader'])
  })
  report('typing in the search', typed)
  const [median, p95] = [at(took, 0.5), at(took, 0.95)]
  note('results after a key', `${took.length} keys, median ${median.toFixed(0)}, p95 ${p95.toFixed(0)} ms`)
  expect(median).toBeLessThan(400)
})
