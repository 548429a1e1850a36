// One tab: opens the database named in the address, syncs with the hub at the port that it names, if it does, shows its live totals, and does what the test asks through `tab`.
import { hub, openDatabase, type Receipt } from 'headwater'
import { counters, Raised } from './model.ts'

const asked = new URL(location.href).searchParams
const port = asked.get('hub')
const db = await openDatabase(counters, {
  name: asked.get('name') ?? 'counters',
  sync:
    port === null
      ? undefined
      : hub({ url: `ws://127.0.0.1:${port}`, workspace: asked.get('name') ?? 'counters' }),
  worker: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
})
const live = db.views.totals.range()
const shown = document.querySelector('#shown')
live.subscribe(() => {
  if (shown) shown.textContent = JSON.stringify(live.state().data)
})

/** Ids that this tab has been given a receipt for. */
const stored: string[] = []

async function raise(tab: string, count: number): Promise<readonly Receipt[]> {
  const ids = Array.from({ length: count }, () => crypto.randomUUID())
  return Promise.all(
    ids.map(async (id) => {
      const receipt = await db.append(Raised({ id, by: 1, tab }))
      stored.push(id)
      return receipt
    }),
  )
}

/** Appends commits of `size` events, as fast as they are taken: at most 32 wait at a time. */
async function flood(tab: string, commits: number, size: number): Promise<void> {
  const waiting: Promise<unknown>[] = []
  for (let at = 0; at < commits; at++) {
    const drafts = Array.from({ length: size }, (_, i) => Raised({ id: `${tab} ${at} ${i}`, by: 1, tab }))
    waiting.push(db.append(drafts))
    if (waiting.length >= 32) await waiting.shift()
  }
  await Promise.all(waiting)
}

const tab = { db, live, stored, raise, flood }
declare global {
  interface Window {
    tab: typeof tab
  }
}
window.tab = tab
