// A page of the app in a tab: the real database, client and engine, on the tab's simulated platform. Everything it is asked
// to do begins in a task of the tab, and is watched until it ends, well or badly, or the tab is gone.

import { type Database, hub, isHeadwaterError, nearby } from 'headwater'
import { openClient } from '../../packages/headwater/src/client/database.ts'
import { openInProcess } from '../../packages/headwater/src/engine/in-process.ts'
import { type Build, definitions } from './app/model.ts'
import type { TabPlace } from './device.ts'
import { WORKSPACE } from './hub.ts'

/** Something that a page was asked to do. */
export interface Act<Value = unknown> {
  readonly name: string
  /** `lost`: the tab died first. */
  state: 'going' | 'done' | 'failed' | 'lost'
  value: Value | undefined
  error: unknown
}

export interface Page {
  readonly place: TabPlace
  readonly build: Build
  readonly opening: Act<Database>
  /** What is under way. */
  readonly going: ReadonlySet<Act>
  /** Begins something with the open database. */
  act<Value>(name: string, begin: (db: Database) => PromiseLike<Value>): Act<Value>
  kill(): void
}

/** Where the replicas of a world meet. */
export type Meeting = 'hub' | 'nearby'

const OPEN_DEADLINE_MS = 10_000
const places = {
  hub: hub({ url: 'ws://hub', workspace: WORKSPACE }),
  nearby: nearby({ channel: WORKSPACE }),
}

export function openPage(place: TabPlace, build: Build, meeting: Meeting, onEnd: (act: Act) => void): Page {
  const going = new Set<Act>()
  let isDead = false
  const start = <Value>(name: string, begin: () => PromiseLike<Value>): Act<Value> => {
    const act: Act<Value> = {
      name: `${place.name} ${name}`,
      state: isDead ? 'lost' : 'going',
      value: undefined,
      error: undefined,
    }
    if (isDead) return act
    going.add(act)
    const end = (state: 'done' | 'failed'): void => {
      if (act.state !== 'going') return
      act.state = state
      going.delete(act)
      onEnd(act)
    }
    place.actor.post(0, () => {
      new Promise<Value>((resolve) => resolve(begin())).then(
        (value) => {
          act.value = value
          end('done')
        },
        (error: unknown) => {
          act.error = error
          end('failed')
        },
      )
    })
    return act
  }
  const opening = start('open', () => openOn(place, build, meeting))
  return {
    place,
    build,
    opening,
    going,
    act: (name, begin) =>
      start(name, () => {
        const db = opening.value
        if (!db) throw new Error('the page is used before it is open')
        return begin(db)
      }),
    kill: () => {
      isDead = true
      place.kill()
      for (const act of going) act.state = 'lost'
      going.clear()
    },
  }
}

/** Whether what failed did so by name, which any call may in bad weather. */
export function isNamed(error: unknown): boolean {
  return isHeadwaterError(error)
}

function openOn({ platform }: TabPlace, build: Build, meeting: Meeting): Promise<Database> {
  const sync = places[meeting]
  return openClient({
    definition: definitions[build],
    args: { name: 'tasks', storage: 'indexeddb', deadlineMs: OPEN_DEADLINE_MS, sync: sync.place },
    connect: (definition, args, events) => openInProcess(definition, args, events, platform),
    powers: platform,
    sync,
  })
}
