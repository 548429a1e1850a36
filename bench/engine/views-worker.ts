/**
 * The engine's log and views in a worker: everything is folded from the log into an empty store and stored as one
 * checkpoint. Afterwards the views are asked what the by-hand side is asked.
 */
import { createEventRegistry, openIndexedDbLog } from '@headwater/log'
import {
  type BaseStore,
  createViews,
  destroyIndexedDbBaseStore,
  openIndexedDbBaseStore,
  type Views,
} from '@headwater/views'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import { type Answers, ASKED_IDS, answersToText } from '../answers.ts'
import type { Issue } from '../fold.ts'
import type { Rebuilt } from '../hand/rebuild.ts'
import type { RebuildOptions } from '../hand/worker.ts'
import { answerTasks } from '../page/tasks.ts'
import { events } from './events.ts'
import { tracker } from './model.ts'

const DEADLINE_MS = 600_000

/** Held, so that it counts as the worker's memory. */
const kept: Views[] = []

async function rebuild({ database, pages }: RebuildOptions): Promise<Omit<Rebuilt, 'state'>> {
  const platform = createPlatform()
  const { clock, random, scheduler } = platform
  await destroyIndexedDbBaseStore({ name: pages, scheduler })
  const log = await openIndexedDbLog({
    name: database,
    events: createEventRegistry(events),
    clock,
    random,
    scheduler,
  })
  const store = await openIndexedDbBaseStore({ name: pages, scheduler, clock })
  const locks = platform.locks('indexeddb')
  const definitions = Object.values(tracker.views)
  const start = performance.now()
  const views = createViews({ log, definitions, store, locks, scheduler, clock, lockScope: database })
  kept.push(views)
  await views.start()
  await ask(views, log.head, 'byAssignee', 'range')
  const foldedAt = performance.now()
  await views.checkpoint()
  const end = performance.now()
  const storedChars = await countChars(store)
  const answers = answersToText(await answersOf(views, log.head))
  return { ms: end - start, readAndFoldMs: foldedAt - start, storedChars, answers }
}

/** All of it, page by page; `size` only samples. */
async function countChars(store: BaseStore): Promise<number> {
  let chars = 0
  for (const id of await store.pageIds()) chars += (await store.getPages([id]))[0]?.length ?? 0
  return chars
}

type Ask = Parameters<Views['query']>
type Head = NonNullable<NonNullable<Ask[1]>['atLeast']>

async function ask<Value>(
  views: Views,
  atLeast: Head,
  view: string,
  method: string,
  ...args: Ask[0]['args']
): Promise<Value> {
  const answer = await views.query({ view, method, args }, { atLeast, deadlineMs: DEADLINE_MS })
  return answer.value as Value
}

interface Group {
  readonly group: string
  readonly issues: number
  readonly points: number
}

async function answersOf(views: Views, head: Head): Promise<Answers> {
  const groups = async (view: string): Promise<[string, number, number][]> => {
    const found = await ask<Group[]>(views, head, view, 'range')
    return found.map(({ group, issues, points }) => [group, issues, points])
  }
  const open = { prefix: ['open'], limit: 50 }
  const firstOpen = await ask<Issue[]>(views, head, 'issues', 'range', 'byStatus', open)
  const whole = ASKED_IDS.map((id) => ask<Issue | undefined>(views, head, 'issues', 'get', id))
  const histories = ASKED_IDS.map((id) => ask<readonly unknown[]>(views, head, 'issues', 'history', id))
  return {
    rows: await ask(views, head, 'issues', 'count'),
    open: await ask(views, head, 'issues', 'count', 'byStatus', { prefix: ['open'] }),
    firstOpen: firstOpen.map(({ id }) => id),
    whole: await Promise.all(whole),
    histories: (await Promise.all(histories)).map((history) => history.length),
    byStatus: await groups('byStatus'),
    byAssignee: await groups('byAssignee'),
  }
}

answerTasks({ rebuild })
