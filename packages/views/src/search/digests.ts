/**
 * Digests of what is indexed for each row: a sum over its terms of hashes of (term, field, frequency), which no order of
 * indexing, numbering or packing shows in. Two indexes that answer alike have equal digests (V7).
 */
import { digestText } from '../digest.ts'
import type { Slices } from '../state/slice.ts'
import type { InvertedIndex } from './inverted-index.ts'
import { createPairBuffer, type PairBuffer, readPostings } from './postings.ts'
import { createRanking } from './ranking.ts'

/** A row's key and the digest of what is indexed for it. */
export type KeyDigest = readonly [key: string, digest: string]

/** All digests, in key order as they are taken. The index must not change until the promise resolves. */
export async function digestIndex(index: InvertedIndex, slices: Slices): Promise<Iterable<KeyDigest>> {
  const { keys, alive } = index.documents
  const sums = { high: new Uint32Array(keys.length), low: new Uint32Array(keys.length) }
  const buffer = createPairBuffer()
  for (const [term, postings] of index.terms) {
    readPostings(postings, buffer)
    addTerm(sums, buffer, term)
    const rest = slices.rest()
    if (rest) await rest
  }
  const documents = keys.map((_, document) => document).filter((document) => alive[document] === 1)
  return inKeyOrder(documents, keys, sums)
}

interface Sums {
  readonly high: Uint32Array
  readonly low: Uint32Array
}

function addTerm({ high, low }: Sums, { pairs, length }: PairBuffer, term: string): void {
  const digests = new Map<number, readonly [high: number, low: number]>()
  for (let i = 0; i < length; i += 2) {
    const code = pairs[i + 1]!
    const digest = digests.get(code) ?? lanesOf(digestText(`${term} ${code}`))
    digests.set(code, digest)
    high[pairs[i]!]! += digest[0]
    low[pairs[i]!]! += digest[1]
  }
}

function lanesOf(digest: string): readonly [high: number, low: number] {
  return [Number.parseInt(digest.slice(0, 8), 16), Number.parseInt(digest.slice(8), 16)]
}

function* inKeyOrder(documents: number[], keys: readonly string[], { high, low }: Sums): Iterable<KeyDigest> {
  const ranking = createRanking(documents, (left, right) => keys[left]! < keys[right]!)
  for (let document = ranking.take(); document !== undefined; document = ranking.take()) {
    yield [keys[document]!, hex(high[document]!) + hex(low[document]!)]
  }
}

function hex(lane: number): string {
  return lane.toString(16).padStart(8, '0')
}
