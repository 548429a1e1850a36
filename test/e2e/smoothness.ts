// What a stretch of use does to the page's main thread: the time between frames, long tasks, and how long an answer takes
// after a key. Long tasks are counted twice: by the clock, as the page sees them, and by the processor's time that they took,
// which is theirs alone also while other programs hold the processor.
import { type Page, test } from '@playwright/test'

export interface Smoothness {
  /** Milliseconds between frames, ascending. */
  readonly frames: readonly number[]
  /** Milliseconds of each task over 50 ms, as they came. */
  readonly longTasks: readonly number[]
  /** The most milliseconds of the processor that one task took. */
  readonly longestOwnMs: number
}

/** Watches frames and long tasks while `run` goes on, and writes them into the report of the run. */
export async function watch(page: Page, what: string, run: () => Promise<void>): Promise<Smoothness> {
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
  const browser = page.context().browser()
  if (!browser) throw new Error('The page has no browser of its own.')
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] })
  await run()
  const seen = await watching.evaluate((stop) => stop())
  const smoothness = { ...seen, longestOwnMs: longestOwnMs(await browser.stopTracing()) }
  note(what, textOf(smoothness))
  return smoothness
}

/** The value below which a share of the ascending ones lies. */
export const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

export function note(type: string, description: string): void {
  test.info().annotations.push({ type, description })
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds of the processor. */
  readonly tdur?: number
}

/** The longest task of the thread that lays the page out. */
function longestOwnMs(trace: Buffer): number {
  const { traceEvents }: { traceEvents: readonly TraceEvent[] } = JSON.parse(trace.toString())
  const layout = traceEvents.find(({ name }) => name === 'UpdateLayoutTree')
  const tasks = traceEvents.filter(
    ({ name, pid, tid }) => name.endsWith('RunTask') && pid === layout?.pid && tid === layout.tid,
  )
  if (tasks.length === 0) throw new Error('The trace holds no task of the page.')
  return tasks.reduce((most, { tdur = 0 }) => Math.max(most, tdur / 1000), 0)
}

function textOf({ frames, longTasks, longestOwnMs }: Smoothness): string {
  const [median, p95, most] = [0.5, 0.95, 1].map((share) => at(frames, share).toFixed(1))
  const tasks = longTasks.length === 0 ? 'none' : longTasks.map((ms) => `${ms.toFixed(0)} ms`).join(', ')
  return `${frames.length} frames, median ${median}, p95 ${p95}, most ${most} ms; long tasks: ${tasks}; longest by the processor: ${longestOwnMs.toFixed(0)} ms`
}

/** A field, and the element whose `data-text` says to what of it the answer on the page belongs. */
export interface Search {
  readonly field: string
  readonly answer: string
}

/**
 * Types words letter by letter, each key after the answer to the one before and a pause. Gives the milliseconds from each
 * key to the frame that shows its answer, ascending.
 */
export function typeWords(page: Page, search: Search, words: readonly string[]): Promise<readonly number[]> {
  return page.evaluate(
    async ({ search, words }) => {
      const field = document.querySelector<HTMLInputElement>(search.field)
      const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')
      if (!field || !value) throw new Error(`The page has no ${search.field}.`)
      const shows = (text: string): boolean => {
        const answer = document.querySelector(search.answer)
        return answer?.getAttribute('data-text') === text.trim() && answer.ariaBusy !== 'true'
      }
      const frame = (): Promise<number> => new Promise(requestAnimationFrame)
      const press = async (text: string): Promise<number> => {
        const pressed = performance.now()
        const isShown = new Promise<void>((resolve) => {
          const observer = new MutationObserver(() => {
            if (!shows(text)) return
            observer.disconnect()
            resolve()
          })
          observer.observe(document.body, { subtree: true, childList: true, attributes: true })
        })
        value.set?.call(field, text)
        field.dispatchEvent(new InputEvent('input', { bubbles: true, data: text.at(-1) ?? '' }))
        if (!shows(text)) await isShown
        await frame()
        return performance.now() - pressed
      }
      const took: number[] = []
      for (const word of words)
        for (let length = 1; length <= word.length; length++) {
          took.push(await press(word.slice(0, length)))
          await new Promise((resolve) => setTimeout(resolve, 60))
        }
      return took.sort((a, b) => a - b)
    },
    { search, words },
  )
}
