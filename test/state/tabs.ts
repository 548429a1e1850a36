// Tabs on one store, for model tests: each folds the same stream of changes, and can crash, lose an answer of the store
// or find the store wiped. What a tab answers is compared with the naive twin at the tab's own position.

import { HeadwaterError, isHeadwaterError, type Json, type Offset } from '@headwater/log'
import { expect } from 'vitest'
import type { Hold, Locks } from '../../packages/views/src/locks.ts'
import { isBaseLost } from '../../packages/views/src/state/base-lost.ts'
import type { BaseStore } from '../../packages/views/src/state/base-store.ts'
import type { OpenState } from '../../packages/views/src/state/open-state.ts'
import { createPageCache } from '../../packages/views/src/state/page-cache.ts'
import type { KeyRange } from '../../packages/views/src/state/paged-state.ts'
import type { StateOptions } from '../../packages/views/src/state/state-core.ts'
import { createNaiveState, type NaiveState } from './naive-state.ts'
import { createWorld } from './world.ts'

export const MAPS = ['rows', 'index'] as const
const KEYS = 60
const WIDE = 'x'.repeat(6000)

/** The changes that the event at an offset makes: a function of the offset alone. */
function changesAt(offset: number): readonly { map: string; key: string; value: Json | undefined }[] {
  const draw = Math.imul(offset, 2654435761) >>> 0
  return MAPS.map((map, i) => {
    const roll = (draw >>> (i * 3)) % 1009
    const value = roll % 5 === 0 ? undefined : { offset, wide: WIDE }
    return { map, key: keyName(roll % KEYS), value }
  })
}

export function keyName(n: number): string {
  return `k${String(n).padStart(3, '0')}`
}

const twins = new Map<number, NaiveState>()

/** The twin after all events up to a position. */
function twinAt(position: number): NaiveState {
  const known = twins.get(position)
  if (known) return known
  const twin = createNaiveState()
  for (let offset = 1; offset <= position; offset++) {
    for (const { map, key, value } of changesAt(offset)) twin.write(map, key, value)
  }
  twins.set(position, twin)
  return twin
}

export interface Question {
  readonly map: string
  readonly key: string
  readonly range: KeyRange
  readonly limit: number
}

export interface Tab {
  readonly position: number
  fold(events: number): void
  /** Asks all questions in one attempt and compares with the twin. */
  ask(questions: readonly Question[]): Promise<void>
  checkpoint(): Promise<string>
  adopt(): Promise<string>
  rebuild(interimAt: number): Promise<void>
  /** The next manifest is stored, but the tab is told that it failed. */
  loseNextCompletion(): void
  close(): void
  /** The tab is gone: its locks with it, its calls are never answered. */
  crash(): void
}

export interface TabOptions {
  readonly store: BaseStore
  readonly locks: Locks
  readonly cacheBytes: number
  /** Whether the bases are wiped under the tab; else losing one is a failure. */
  readonly mayLose: boolean
  readonly options?: Partial<StateOptions>
}

export async function openTab({ store, locks, cacheBytes, mayLose, options }: TabOptions): Promise<Tab> {
  const life = { gone: false, loseNext: false, holds: new Set<Hold>() }
  const world = createWorld(dyingStore(store, life), dyingLocks(locks, life))
  const cache = createPageCache(cacheBytes)
  let state: OpenState = await world.open({ cache, ...options })
  let position: number = state.checkpoint

  const foldInto = (target: OpenState, from: number, to: number): void => {
    for (let offset = from + 1; offset <= to; offset++) {
      for (const { map, key, value } of changesAt(offset)) {
        target.write(map, key, value, offset as Offset, value === undefined ? 10 : WIDE.length)
      }
    }
  }
  const rebuild = async (interimAt: number): Promise<void> => {
    const target = position
    const side = state.nextGeneration()
    const middle = Math.min(interimAt, target)
    foldInto(side, 0, middle)
    await side.checkpointAt(middle as Offset, { position: middle })
    foldInto(side, middle, target)
    const outcome = await side.publish(target as Offset, { position: target })
    if (outcome !== 'stored') return side.close()
    state.close()
    state = side
    position = target
  }
  /** Runs an act; a lost base is built anew, as a view group would. */
  const surviving = async (act: () => Promise<string>): Promise<string> => {
    const asked = state
    try {
      return await act()
    } catch (error) {
      if (isInjected(error) || isLeft(error, asked)) return 'failed'
      if (!mayLose || !isBaseLost(error)) throw error
      return state === asked ? startOver() : 'lost'
    }
  }
  const isLeft = (error: unknown, asked: OpenState): boolean =>
    mayLose && asked !== state && isHeadwaterError(error, 'CLOSED')
  const startOver = async (): Promise<string> => {
    const fresh = state.nextGeneration()
    state.close()
    state = fresh
    foldInto(fresh, 0, position)
    await surviving(() => fresh.publish(position as Offset, { position }))
    return 'lost'
  }
  return {
    get position() {
      return position
    },
    fold(events) {
      foldInto(state, position, position + events)
      position += events
    },
    async ask(questions) {
      await surviving(async () => {
        const answer = await state.read((reader) => ({
          at: position,
          got: questions.map(({ map, key, range, limit }) => {
            const entries: (readonly [string, Json])[] = []
            reader.range(map, range, (k, v) => entries.push([k, v]) < limit)
            return { value: reader.get(map, key), entries, count: reader.count(map, range) }
          }),
        }))
        const twin = twinAt(answer.at)
        const wanted = questions.map(({ map, key, range, limit }) => ({
          value: twin.get(map, key),
          entries: twin.range(map, range).slice(0, limit),
          count: twin.count(map, range),
        }))
        expect(answer.got).toEqual(wanted)
        return 'asked'
      })
    },
    checkpoint: () =>
      surviving(async () => {
        const at = position
        const outcome = await state.checkpointAt(at as Offset, { position: at })
        if (state.checkpoint > 0) expect(state.meta).toEqual({ position: state.checkpoint })
        return outcome
      }),
    adopt: () =>
      surviving(() =>
        state.adopt(position as Offset, (adoption) => {
          if (adoption === 'jumped') position = state.checkpoint
          if (state.checkpoint > 0) expect(state.meta).toEqual({ position: state.checkpoint })
        }),
      ),
    async rebuild(interimAt) {
      await surviving(() => rebuild(interimAt).then(() => 'rebuilt'))
    },
    loseNextCompletion() {
      life.loseNext = true
    },
    close: () => state.close(),
    crash() {
      life.gone = true
      for (const hold of life.holds) hold.release()
    },
  }
}

interface Life {
  gone: boolean
  loseNext: boolean
  readonly holds: Set<Hold>
}

const LOST = 'The completion was lost.'

function isInjected(error: unknown): boolean {
  return error instanceof HeadwaterError && error.message === LOST
}

function dyingStore(store: BaseStore, life: Life): BaseStore {
  const living = async <T>(call: Promise<T>): Promise<T> => {
    const value = await call
    return life.gone ? new Promise<T>(() => {}) : value
  }
  const begin = <T>(call: () => Promise<T>): Promise<T> =>
    life.gone ? new Promise<T>(() => {}) : living(call())
  return {
    epoch: () => begin(() => store.epoch()),
    putPages: (pages) => begin(() => store.putPages(pages)),
    getPages: (ids) => begin(() => store.getPages(ids)),
    async putManifest(draft) {
      const outcome = await begin(() => store.putManifest(draft))
      if (!life.loseNext) return outcome
      life.loseNext = false
      throw new HeadwaterError('STORAGE_LOST', LOST, { hint: 'Look again.' })
    },
    current: (lineage) => begin(() => store.current(lineage)),
    manifests: () => begin(() => store.manifests()),
    getManifest: (id) => begin(() => store.getManifest(id)),
    raiseEpoch: () => begin(() => store.raiseEpoch()),
    pageIds: () => begin(() => store.pageIds()),
    remove: (manifests, pages) => begin(() => store.remove(manifests, pages)),
    size: () => begin(() => store.size()),
    close: () => begin(() => store.close()),
  }
}

function dyingLocks(locks: Locks, life: Life): Locks {
  const keep = <T extends Hold | undefined>(hold: T): T => {
    if (hold) life.holds.add(hold)
    if (hold && life.gone) hold.release()
    return hold
  }
  return {
    shared: (name, signal) => locks.shared(name, signal).then(keep),
    exclusive: (name, signal) => locks.exclusive(name, signal).then(keep),
    exclusiveIfFree: (name) => locks.exclusiveIfFree(name).then(keep),
  }
}
