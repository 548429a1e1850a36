// The history's entries against a plain sorted list of events: whatever is packed or split, the same events come out in
// the same order, and the last entry has the newest.

import type { Offset, ReplicaId, Sequence, Timestamp } from '@headwater/log'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeKey } from '../../packages/views/src/key.ts'
import {
  type HistoryEntry,
  type HistoryPlace,
  insertPlaces,
  packPlaces,
  placesOf,
} from '../../packages/views/src/table/history.ts'
import { createHistoryTails } from '../../packages/views/src/table/history-tails.ts'
import { compareStamps, isNewer, parseStamp, spellStamp } from '../../packages/views/src/table/stamp.ts'

const REPLICAS = ['AAAAAAAAAAAAAAAA', 'zzzzzzzzzzzzzzzz', '0000000000000000'] as const
const CODED = encodeKey(['row'])

/** Events of several replicas; each replica's ascend in every number, as a log has them. */
const places = fc
  .array(fc.record({ replica: fc.nat(2), stepMs: fc.integer({ min: 1, max: 2 ** 40 }) }), { maxLength: 200 })
  .map((steps): readonly HistoryPlace[] => {
    const clocks = [2 ** 30, 2 ** 41, 5]
    const sequences = [0, 4_000, 2 ** 25]
    return steps.map(({ replica, stepMs }, i) => {
      clocks[replica]! += stepMs
      sequences[replica]! += 1 + (stepMs % 3)
      return {
        replica: REPLICAS[replica]! as string as ReplicaId,
        timestamp: clocks[replica] as Timestamp,
        sequence: sequences[replica] as Sequence,
        offset: (i + 1) as Offset,
      }
    })
  })

function read(entries: readonly HistoryEntry[]): readonly HistoryPlace[] {
  const sorted = entries.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  return sorted.flatMap((entry) => placesOf(CODED, entry))
}

/** Lays writes over what was stored. */
function store(entries: readonly HistoryEntry[], writes: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const stored = new Map(entries.map((entry) => [entry.key, entry]))
  for (const entry of writes) stored.set(entry.key, entry)
  return [...stored.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

describe('histories', () => {
  test('the text of stamps orders as stamps do, and is read back', () => {
    fc.assert(
      fc.property(places, (some) => {
        const texts = some.toSorted(compareStamps).map(spellStamp)
        expect(texts).toEqual(texts.toSorted())
        for (const place of some) expect(compareStamps(parseStamp(spellStamp(place)), place)).toBe(0)
      }),
      { seed: 51 },
    )
  })

  test('packed events are read back in the order of stamps', () => {
    fc.assert(
      fc.property(places, (some) => {
        const sorted = some.toSorted(compareStamps)
        const entries = packPlaces(CODED, sorted)
        expect(read(JSON.parse(JSON.stringify(entries)))).toEqual(sorted)
        expect(entries.length).toBeLessThanOrEqual(some.length)
      }),
      { seed: 52 },
    )
  })

  test('late events split runs: the order holds, the last entry has the newest, however they are grouped (V3)', () => {
    fc.assert(
      fc.property(places, fc.nat(), fc.integer({ min: 1, max: 7 }), (some, cut, size) => {
        const first = some.slice(0, cut % (some.length + 1)).toSorted(compareStamps)
        const rest = some.slice(first.length)
        const packed = packPlaces(CODED, first)
        let inGroups: readonly HistoryEntry[] = packed
        for (let i = 0; i < rest.length; i += size) {
          inGroups = store(inGroups, insertPlaces(CODED, inGroups, rest.slice(i, i + size)))
        }
        const atOnce = store(packed, insertPlaces(CODED, packed, rest))
        expect(read(inGroups)).toEqual(some.toSorted(compareStamps))
        expect(inGroups).toEqual(atOnce)
        const newest = inGroups.length > 0 ? placesOf(CODED, inGroups.at(-1)!).at(-1) : undefined
        expect(some.every((place) => place === newest || !isNewer(place, newest))).toBe(true)
      }),
      { seed: 53, numRuns: 300 },
    )
  })

  test('what grows in columns comes out as what is packed at once', () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 300 }), (some, limit) => {
        const tails = createHistoryTails(0)
        const sorted = some.toSorted(compareStamps)
        const written: HistoryEntry[] = []
        for (const place of sorted) {
          const event = { ...place, type: 'any', version: 1, data: null, time: 0 }
          tails.append('row', event)
          tails.append(`other ${place.sequence % 5}`, event)
          expect(tails.newest('row')).toEqual(place)
        }
        while (tails.flush(limit, (entry) => written.push(entry)));
        const own = written.filter(({ key }) => key.startsWith(CODED))
        expect(own).toEqual(packPlaces(CODED, sorted))
        expect(tails.newest('row')).toBeUndefined()
        expect(tails.isFull).toBe(false)
      }),
      { seed: 54 },
    )
  })
})
