// The search for a fork point beside its naive twin: going through both lists of commit ends until they differ.

import type { ReplicaId, Sequence } from '@headwater/log'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  continueFork,
  type EndHash,
  type ForkStep,
  searchFork,
} from '../../packages/replication/src/session/forks.ts'

type Ends = ReadonlyMap<number, Uint8Array>

const replica = '0123456789ABCDEF' as ReplicaId

/** Two histories: `common` commits of these lengths, then each its own. */
function histories(
  common: readonly number[],
  ours: readonly number[],
  theirs: readonly number[],
): readonly [Ends, Ends] {
  const build = (own: readonly number[], mark: number): Ends => {
    const ends = new Map<number, Uint8Array>()
    let sequence = 0
    ;[...common, ...own].forEach((length, i) => {
      sequence += length
      const hash = new Uint8Array(32).fill(i < common.length ? 7 : mark)
      new DataView(hash.buffer).setUint32(1, i)
      ends.set(sequence, hash)
    })
    return ends
  }
  return [build(ours, 100), build(theirs, 200)]
}

function search(
  ours: Ends,
  theirs: Ends,
  decides: boolean,
): { readonly found: ForkStep; readonly probes: number } {
  const last = Math.max([...ours.keys()].at(-1) ?? 0, [...theirs.keys()].at(-1) ?? 0)
  let step = searchFork(replica, last + 1, decides)
  let probes = 0
  for (let steps = 0; step.type !== 'found'; steps++) {
    expect(steps).toBeLessThan(400)
    expect(step.sequences.length).toBeLessThanOrEqual(step.type === 'probe' ? 64 : 4_096)
    if (step.type === 'probe') probes += 1
    const of = step.type === 'probe' ? theirs : ours
    step = continueFork(
      step.search,
      step.sequences.map((sequence): EndHash => [sequence, of.get(sequence)]),
    )
  }
  return { found: step, probes }
}

function naive(ours: Ends, theirs: Ends): number {
  let last = 0
  for (const [sequence, hash] of ours) {
    const other = theirs.get(sequence)
    if (!other || !hash.every((byte, i) => byte === other[i])) break
    last = sequence
  }
  return last
}

const lengths = (max: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 4_096 })), { maxLength: max })

test('the last commit in common is found, whatever the commits are cut into', () => {
  fc.assert(
    fc.property(lengths(40), lengths(12), lengths(12), fc.boolean(), (common, a, b, decides) => {
      const [ours, theirs] = histories(common, a, b)
      const { found } = search(ours, theirs, decides)
      expect(found).toMatchObject({ type: 'found', after: naive(ours, theirs) })
      if (found.type !== 'found') return
      if (!decides) expect(found.ours).toBe(a.length > 0 ? 'yields' : 'none')
      else expect(found.ours).toBe(a.length === 0 || b.length === 0 ? 'none' : 'stands')
    }),
    { numRuns: 300, seed: 99 },
  )
})

test('both sides decide alike, so that exactly one gives way', () => {
  fc.assert(
    fc.property(lengths(10), lengths(5), lengths(5), (common, a, b) => {
      fc.pre(a.length > 0 && b.length > 0)
      const [ours, theirs] = histories(common, a, b)
      const verdicts = [search(ours, theirs, true).found, search(theirs, ours, true).found]
      expect(verdicts.map((found) => found.type === 'found' && found.ours)).toEqual(['stands', 'yields'])
    }),
    { numRuns: 100, seed: 5 },
  )
})

test('two hundred thousand commits in common take few probes', () => {
  const [ours, theirs] = histories(
    Array.from({ length: 200_000 }, () => 1),
    [1, 1],
    [1],
  )
  const { found, probes } = search(ours, theirs, false)
  expect(found).toMatchObject({ after: 200_000 })
  expect(probes).toBeLessThan(12)
})

test('a liar does not keep the search from ending', () => {
  const [ours] = histories(
    [],
    Array.from({ length: 500 }, () => 3),
    [],
  )
  fc.assert(
    fc.property(fc.infiniteStream(fc.boolean()), (lies) => {
      let step = searchFork(replica, 2_000, true)
      for (let steps = 0; step.type !== 'found'; steps++) {
        expect(steps).toBeLessThan(400)
        const isOurs = step.type === 'lookup'
        const answer = (sequence: Sequence): EndHash => [
          sequence,
          isOurs || lies.next().value ? ours.get(sequence) : undefined,
        ]
        step = continueFork(step.search, step.sequences.map(answer))
      }
    }),
    { numRuns: 100, seed: 3 },
  )
})
