// The laws of a `View` (V1–V7, as far as one view by itself can keep them) as one suite, run against every kind: what the
// dispatcher relies on must be true of tables, of aggregates and of search indexes.

import type { Log } from '@headwater/log'
import type { Changes, View, ViewRequest } from '@headwater/views'
import { afterEach, describe, expect, test } from 'vitest'

/** A view over a log, with a way to feed it. */
export interface OpenedView {
  readonly view: View
  /** Folds what the log has, as the dispatcher would; ends when the view is there or stands still. */
  feed(): Promise<void>
}

/** One kind of view over one log and one store, which several tabs may open. */
export interface ViewUnderTest {
  readonly log: Log
  /** The definition whose answers and digests are looked at. */
  readonly name: string
  /** Opens and restores the view, as another tab would. */
  open(): Promise<OpenedView>
  /** Appends a commit; each call another one. */
  append(): Promise<void>
  /** A request that every append changes the answer of. */
  readonly request: ViewRequest
  /** A request with arguments that no answer fits. */
  readonly badRequest: ViewRequest
}

export function describeView(kind: string, create: () => Promise<ViewUnderTest>): void {
  describe(`a view: ${kind}`, () => {
    const open: View[] = []
    afterEach(async () => {
      await Promise.all(open.splice(0).map((view) => view.close()))
    })
    const setUp = async (appends: number): Promise<{ under: ViewUnderTest; opened: OpenedView }> => {
      const under = await create()
      for (let i = 0; i < appends; i++) await under.append()
      return { under, opened: await openView(under) }
    }
    const openView = async (under: ViewUnderTest): Promise<OpenedView> => {
      const opened = await under.open()
      open.push(opened.view)
      await opened.feed()
      return opened
    }

    test('it says what it is, whom it answers for, and what it folds', async () => {
      const { under, opened } = await setUp(1)
      const { view } = opened
      expect(view.answersFor).toContain(under.name)
      expect(view.types.size).toBeGreaterThan(0)
      expect(view.stopped).toBe(false)
      expect(view.status(under.log.head).map(({ name }) => name)).toEqual(view.answersFor)
    })

    test('fed to the head, it answers from there, and its status says so', async () => {
      const { under, opened } = await setUp(3)
      expect(opened.view.position).toBe(under.log.head)
      expect((await opened.view.answer(under.request)).position).toBe(under.log.head)
      const status = opened.view.status(under.log.head).find(({ name }) => name === under.name)
      expect(status).toMatchObject({ state: 'live', position: under.log.head, lag: 0 })
    })

    test('an answer changes with the log, and what it depends on is told (D3)', async () => {
      const { under, opened } = await setUp(2)
      const { view } = opened
      const before = await view.answer(under.request)
      const told: Changes[] = []
      const stop = view.onChanges((changes) => told.push(changes))
      await under.append()
      await opened.feed()
      const after = await view.answer(under.request)
      expect(JSON.stringify(after.value)).not.toBe(JSON.stringify(before.value))
      await until(() => told.some((changes) => touches(changes, before.dependencies)))
      stop()
      const heard = told.length
      await under.append()
      await opened.feed()
      expect(told.length).toBe(heard)
    })

    test('bad arguments are refused as QUERY_INVALID, with a hint', async () => {
      const { under, opened } = await setUp(1)
      const refusal = await Promise.resolve()
        .then(() => opened.view.answer(under.badRequest))
        .then(undefined, (error: unknown) => error)
      expect(refusal).toMatchObject({ code: 'QUERY_INVALID', hint: expect.stringMatching(/.{5,}/) })
    })

    test('restored at any checkpoint and fed the rest, it is what feeding everything gives (V2, V4)', async () => {
      const { under, opened } = await setUp(0)
      for (let i = 0; i < 6; i++) {
        await under.append()
        await opened.feed()
        if (i % 2 === 1) await opened.view.checkpointNow(true)
        const again = await openView(under)
        expect(await digestsOf(again.view, under.name)).toEqual(await digestsOf(opened.view, under.name))
        expect(again.view.checkpoint).toBeLessThanOrEqual(again.view.position)
      }
    })

    test('two tabs that fold the same log have the same digests (V3)', async () => {
      const { under, opened } = await setUp(4)
      const other = await openView(under)
      await under.append()
      await Promise.all([opened.feed(), other.feed()])
      expect(await digestsOf(other.view, under.name)).toEqual(await digestsOf(opened.view, under.name))
    })

    test('digests come in key order, and are of one position', async () => {
      const { under, opened } = await setUp(5)
      const keys = (await digestsOf(opened.view, under.name)).map(([key]) => key)
      expect(keys.length).toBeGreaterThan(0)
      expect(keys).toEqual(keys.toSorted())
    })

    test('another tab takes a base over and goes on from it', async () => {
      const { under, opened } = await setUp(3)
      const other = await openView(under)
      await opened.view.checkpointNow(true)
      await other.view.adopt()
      await other.feed()
      await under.append()
      await Promise.all([opened.feed(), other.feed()])
      expect(other.view.position).toBe(under.log.head)
      expect(await digestsOf(other.view, under.name)).toEqual(await digestsOf(opened.view, under.name))
    })

    test('a rebuild ends with the same answers (V2)', async () => {
      const { under, opened } = await setUp(4)
      const before = await digestsOf(opened.view, under.name)
      const rebuilt = opened.view.rebuild()
      await opened.feed()
      await rebuilt
      await opened.feed()
      expect(await digestsOf(opened.view, under.name)).toEqual(before)
      expect(opened.view.position).toBe(under.log.head)
    })

    test('closing is idempotent', async () => {
      const { opened } = await setUp(1)
      await opened.view.close()
      await opened.view.close()
      expect(opened.view.stopped).toBe(true)
    })
  })
}

async function digestsOf(view: View, name: string): Promise<readonly (readonly [string, string])[]> {
  const found: (readonly [string, string])[] = []
  for await (const entry of view.digests(name)) found.push(entry)
  return found
}

function touches(
  { all, keys }: Changes,
  dependencies: Awaited<ReturnType<View['answer']>>['dependencies'],
): boolean {
  if (all) return true
  return dependencies.some(({ map, from, to }) => keys.get(map)?.some((key) => key >= from && key <= to))
}

/** Changes may be told a little later, when several are told together. */
async function until(isTrue: () => boolean): Promise<void> {
  await expect.poll(isTrue, { interval: 1 }).toBe(true)
}
