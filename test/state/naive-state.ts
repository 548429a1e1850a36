// The naive twin of a paged state: one sorted array per map, no pages, no layers, no storage.

import type { Json } from '@headwater/log'
import type { KeyRange } from '../../packages/views/src/state/paged-state.ts'

export interface NaiveState {
  write(map: string, key: string, value: Json | undefined): void
  get(map: string, key: string): Json | undefined
  range(map: string, range: KeyRange): readonly (readonly [string, Json])[]
  count(map: string, range: KeyRange): number
}

export function createNaiveState(): NaiveState {
  const maps = new Map<string, [string, Json][]>()
  const entriesOf = (map: string): [string, Json][] => {
    const known = maps.get(map) ?? []
    maps.set(map, known)
    return known
  }
  const range = (map: string, { gte, gt, lte, lt, reverse, skip }: KeyRange): readonly [string, Json][] => {
    const inside = entriesOf(map).filter(
      ([key]) =>
        (gte === undefined || key >= gte) &&
        (gt === undefined || key > gt) &&
        (lte === undefined || key <= lte) &&
        (lt === undefined || key < lt),
    )
    return (reverse ? inside.reverse() : inside).slice(skip ?? 0)
  }
  return {
    write(map, key, value) {
      const rest = entriesOf(map).filter(([other]) => other !== key)
      if (value !== undefined) rest.push([key, value])
      maps.set(
        map,
        rest.sort(([a], [b]) => (a < b ? -1 : 1)),
      )
    },
    get: (map, key) => entriesOf(map).find(([other]) => other === key)?.[1],
    range,
    count: (map, { skip: _skip, ...bounds }) => range(map, bounds).length,
  }
}
