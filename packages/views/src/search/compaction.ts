/**
 * Compaction: numbers the living documents anew, drops the postings of the dead, and packs the rest. It reads an index that
 * does not change meanwhile in slices, and builds on the side; putting the outcome in place is one quick step. A dump
 * begins with it.
 */
import type { Slices } from '../state/slice.ts'
import { createDocuments, type Documents, type MutableDocuments } from './documents.ts'
import type { InvertedIndex } from './inverted-index.ts'
import { createPacker, createPairBuffer, type PairBuffer, type Postings, readPostings } from './postings.ts'

/** Documents numbered between two looks at the slice. */
const DOCUMENTS_AT_ONCE = 256
const DEAD = -1

/** Compacts an index. `mustGoOn` throws when nobody wants the outcome any more; the index is then as it was. */
export async function compact(index: InvertedIndex, slices: Slices, mustGoOn: () => void): Promise<void> {
  const { documents, numbers } = await renumber(index.documents, slices, mustGoOn)
  const hasDead = documents.living < index.documents.keys.length
  const buffer = createPairBuffer()
  const packer = createPacker()
  const packed: string[] = []
  for (const postings of index.terms.values()) {
    packed.push(isCompact(postings) && !hasDead ? postings.packed : repack(postings))
    const rest = slices.rest()
    if (rest) await rest
    mustGoOn()
  }
  index.replaceAll(documents, packed)

  function repack(postings: Postings): string {
    readPostings(postings, buffer)
    if (hasDead) dropDead(buffer, numbers)
    return packer.pack(buffer)
  }
}

function isCompact({ tail }: Postings): boolean {
  return tail === undefined
}

interface Renumbered {
  readonly documents: MutableDocuments
  /** New numbers by old ones. */
  readonly numbers: Int32Array
}

async function renumber(old: Documents, slices: Slices, mustGoOn: () => void): Promise<Renumbered> {
  const { fieldCount, keys, alive, lengths } = old
  const documents = createDocuments(fieldCount)
  const numbers = new Int32Array(keys.length)
  for (let document = 0; document < keys.length; document++) {
    const at = document * fieldCount
    numbers[document] =
      alive[document] === 1 ? documents.add(keys[document]!, lengths.slice(at, at + fieldCount)) : DEAD
    const rest = document % DOCUMENTS_AT_ONCE === 0 ? slices.rest() : undefined
    if (rest) await rest
    mustGoOn()
  }
  return { documents, numbers }
}

function dropDead(buffer: PairBuffer, numbers: Int32Array): void {
  const { pairs, length } = buffer
  let kept = 0
  for (let i = 0; i < length; i += 2) {
    const document = numbers[pairs[i]!]!
    if (document === DEAD) continue
    pairs[kept++] = document
    pairs[kept++] = pairs[i + 1]!
  }
  buffer.length = kept
}
