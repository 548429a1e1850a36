// Documents in a real worker, on real storage, in a real page.
import { afterEach, expect, test } from 'vitest'
import type * as Y from 'yjs'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import { closeAll, drawName, open } from '../database/world.ts'
import { pad } from './model.ts'

afterEach(closeAll)

const padWorker = (): Worker =>
  new Worker(new URL('./workers/pad.worker.ts', import.meta.url), { type: 'module' })
const hangingWorker = (): Worker =>
  new Worker(new URL('./workers/hanging.worker.ts', import.meta.url), { type: 'module' })
const body = (doc: Y.Doc): Y.Text => doc.getText('body')

test('typed text reaches another tab and is there when it is opened again (L6, V4)', async () => {
  const name = drawName()
  const how = { worker: padWorker, storage: 'indexeddb', name } as const
  const [one, two] = [await open(pad, how), await open(pad, how)]
  const here = await one.views.notes.open('a')
  const there = await two.views.notes.open('a')
  body(here.doc).insert(0, 'Hello')
  await expect.poll(() => body(there.doc).toJSON()).toBe('Hello')
  await Promise.all([one.close(), two.close()])
  const again = await open(pad, how)
  expect(await again.views.notes.text('a')).toBe('Hello')
  expect(await again.verify('notes')).toMatchObject({ equal: true })
  await again.destroy()
})

test('leaving the page stores at once what was typed', async () => {
  const { scheduler, ...platform } = createPlatform()
  // On this page nothing is stored because its time has come.
  const after: typeof scheduler.after = (ms, run) => scheduler.after(ms * 10_000, run)
  const db = await open(pad, {
    worker: padWorker,
    platform: { ...platform, scheduler: { ...scheduler, after } },
  })
  const { doc } = await db.views.notes.open('a')
  const text = db.views.notes.text('a')
  const stop = text.subscribe(() => undefined)
  body(doc).insert(0, 'last words')
  dispatchEvent(new PageTransitionEvent('pagehide'))
  await expect.poll(() => text.state().data).toBe('last words')
  stop()
})

test('an update that never ends is found, its worker ended, and it is passed over (D4, V6)', async () => {
  const platform = createPlatform()
  const { scheduler } = platform
  const hasty = { ...scheduler, after: (ms: number, run: () => void) => scheduler.after(ms / 10, run) }
  const elapsedMs = (): number => scheduler.elapsedMs() * 10
  const name = drawName()
  const db = await open(pad, {
    worker: hangingWorker,
    storage: 'indexeddb',
    name,
    openDeadlineMs: 100_000,
    platform: { ...platform, scheduler: { ...hasty, elapsedMs } },
  })
  const { doc, flush } = await db.views.notes.open('a')
  body(doc).insert(0, 'before ')
  await flush()
  body(doc).insertEmbed(0, { loops: 'for ever' })
  await flush()
  await expect.poll(() => db.status.get().restarts).toBe(2)
  body(doc).insert(0, 'after ')
  await flush()
  await expect.poll(() => db.status.get().state).toBe('open')
  await expect
    .poll(async () => (await db.views.notes.figures('a', { deadlineMs: 200_000 }))?.quarantined)
    .toBe(1)
  const other = await db.views.notes.open('b')
  body(other.doc).insert(0, 'goes on')
  const atLeast = await other.flush()
  expect(await db.views.notes.text('b', { atLeast: atLeast!, deadlineMs: 200_000 })).toBe('goes on')
  await db.destroy()
})
