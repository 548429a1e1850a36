// Asking a view that moves while it is asked: an answer from before the receipt is no answer (D1), what has moved meanwhile is
// not waited for, and each wait ends (D4). The view is scripted; time passes only where the test says so.

import { HeadwaterError, type Offset } from '@headwater/log'
import { expect, test } from 'vitest'
import type { FedView } from '../../packages/views/src/fed-view.ts'
import { createQueries, type Queries } from '../../packages/views/src/queries.ts'
import type { Answer, View } from '../../packages/views/src/view.ts'
import { createWaits } from '../../packages/views/src/waits.ts'
import { createVirtualTime } from '../sync/virtual-time.ts'

const REQUEST = { view: 'scripted', method: 'get', args: [] }
const HEAD = 47 as Offset

interface Scripted {
  readonly queries: Queries
  readonly pass: (ms: number) => Promise<void>
  /** The view is now there, and says so. */
  readonly move: (position: number) => void
  readonly state: { position: Offset; isParked: boolean; asked: number }
}

/** A view whose answers are given one after the other. */
function script(...answers: readonly (() => Answer | Promise<Answer>)[]): Scripted {
  const time = createVirtualTime()
  const { scheduler } = time.tab()
  const waits = createWaits(scheduler)
  const state = { position: HEAD, isParked: false, asked: 0 }
  const view = {
    name: REQUEST.view,
    get position() {
      return state.position
    },
    answer: () => answers[Math.min(state.asked++, answers.length - 1)]!(),
  } as unknown as View // all that asking takes of it
  const fed = {
    view,
    isPaused: () => false,
    isParked: () => state.isParked,
    error: () => undefined,
    feedAfter: () => state.position,
  } as unknown as FedView
  const log = { head: HEAD } as Parameters<typeof createQueries>[0]['log']
  const queries = createQueries({ log, scheduler, waits, find: () => fed, openingHead: () => HEAD })
  const move = (position: number): void => {
    state.position = position as Offset
    waits.look()
  }
  return { queries, pass: time.pass, move, state }
}

const at = (position: number): Answer => ({
  value: position,
  position: position as Offset,
  dependencies: [],
})

test('D1: who is answered from before the receipt is answered again once the view has come so far', async () => {
  const { queries, pass, move, state } = script(
    () => {
      state.position = 26 as Offset // it has gone back
      return at(26)
    },
    () => at(47),
  )
  const answer = queries.query(REQUEST, { atLeast: HEAD })
  await pass(100)
  move(47)
  expect(await answer).toEqual(at(47))
})

test('D4: a view that went back while it was asked, and has come so far before it answered, is asked again at once', async () => {
  const scripted: Scripted = script(
    async () => {
      scripted.move(26)
      await Promise.resolve()
      scripted.move(47)
      return at(26)
    },
    () => at(47),
  )
  expect(await scripted.queries.query(REQUEST, { atLeast: HEAD })).toEqual(at(47))
})

test('D4: a view that was being rebuilt while it was asked, and is whole before it says so, is asked again at once', async () => {
  const rebuilding = new HeadwaterError('VIEW_REBUILDING', 'It is being rebuilt.', { hint: 'Ask again.' })
  const scripted: Scripted = script(
    async () => {
      scripted.move(47)
      throw rebuilding
    },
    () => at(47),
  )
  expect(await scripted.queries.query(REQUEST)).toEqual(at(47))
})

test('D4: a view that does not come so far refuses at the deadline, one that stands still at once', async () => {
  const lagging = script(() => at(26))
  const refused = expect(
    lagging.queries.query(REQUEST, { atLeast: HEAD, deadlineMs: 1_000 }),
  ).rejects.toMatchObject({ code: 'BEHIND_RECEIPT' })
  lagging.state.position = 26 as Offset
  await lagging.pass(1_001)
  await refused
  const parked = script(() => at(26))
  Object.assign(parked.state, { isParked: true, position: 26 })
  await expect(parked.queries.query(REQUEST, { atLeast: HEAD })).rejects.toMatchObject({
    code: 'BEHIND_RECEIPT',
  })
})
