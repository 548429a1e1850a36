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

const tab = { db, live, stored, raise }
declare global {
  interface Window {
    tab: typeof tab
  }
}
window.tab = tab
