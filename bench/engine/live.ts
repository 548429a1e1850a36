/**
 * A durable append until the changed live aggregate is on the page: a subscribed range of all groups by status.
 */
import { flippedIds, takeFlips } from '../flips.ts'
import type { LiveOptions } from '../hand/live.ts'
import { openTracker } from './open-database.ts'

const LIMIT_MS = 20_000

export async function liveTotals({ rows, samples, warmUp }: LiveOptions): Promise<{ times: number[] }> {
  const db = await openTracker()
  for (const id of flippedIds(rows, warmUp + samples))
    await Promise.all([db.views.issues.get(id), db.views.issues.history(id)])
  const totals = db.views.byStatus.range()
  let changed: () => void = () => {}
  const next = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the live query reports no change')), LIMIT_MS)
      changed = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const first = next()
  totals.subscribe(() => changed())
  await first
  const times: number[] = []
  for (const event of takeFlips(rows, warmUp + samples)) {
    const start = performance.now()
    const shown = next()
    await Promise.all([db.append(event), shown])
    times.push(performance.now() - start)
    if (totals.state().status !== 'ready') throw new Error(`the live query is ${totals.state().status}`)
  }
  return { times: times.slice(warmUp) }
}
