// The world that a log's tests run in: event types, a wall clock that is set by hand, chance from a seed, timers that
// fire on the real event loop. Everything is made anew for each test.

import {
  createEventRegistry,
  defineEvent,
  type EventRegistry,
  type Random,
  type Scheduler,
  type StandardSchemaV1,
  type WallClock,
} from '@headwater/log'
import * as v from 'valibot'
import { nextTask } from '../next-task.ts'

export const Noted = defineEvent('noted', {
  schema: v.object({ id: v.string(), text: v.string() }),
  key: (data) => data.id,
})
export const Counted = defineEvent('counted', {
  schema: v.object({ id: v.string(), by: v.number() }),
  key: (data) => data.id,
})

/** A schema that takes whatever is handed in. */
export function takesAll<Data>(): StandardSchemaV1<Data, Data> {
  const validate = (value: unknown): StandardSchemaV1.Result<Data> => ({ value: value as Data })
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

export const Anything = defineEvent('anything', { schema: takesAll<unknown>() })

/** Lifted from a first version that was any text; what is lifted must be a list. */
export const Lifted = defineEvent('lifted', {
  version: 2,
  schema: v.array(v.string()),
  upcast: {
    1: (old) => {
      const text = JSON.stringify(old)
      if (text === '"broken"') throw new Error('cannot lift this')
      return text === '"odd"' ? { odd: true } : [text]
    },
  },
})

let asked = 0

/** How often `Strict`'s schema was asked. */
export function strictAsked(): number {
  return asked
}

export const Strict = defineEvent('strict', {
  schema: {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value: unknown): StandardSchemaV1.Result<string> => {
        asked += 1
        return { value: String(value) }
      },
    },
  },
})

/** A wall clock that moves only by hand. */
export interface SetClock extends WallClock {
  ms: number
}

export interface World {
  readonly events: EventRegistry
  readonly clock: SetClock
  readonly random: Random
  readonly scheduler: Scheduler
}

export const START_MS = 1_750_000_000_000

export function createWorld(seed = 1): World {
  const clock: SetClock = {
    ms: START_MS,
    now: () => clock.ms,
  }
  return {
    events: createEventRegistry([Noted, Counted, Anything, Lifted, Strict]),
    clock,
    random: createRandom(seed),
    scheduler: realScheduler,
  }
}

/** Bytes from a seed: xorshift32, by G. Marsaglia. */
export function createRandom(seed: number): Random {
  let state = seed | 1
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 8
  }
  return { bytes: (length) => Uint8Array.from({ length }, next) }
}

const realScheduler: Scheduler = {
  elapsedMs: () => performance.now(),
  nextTurn: nextTask,
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

let drawn = 0

/** A database name that no other test has. */
export function drawName(): string {
  drawn += 1
  return `log-${crypto.randomUUID()}-${drawn}`
}
