/**
 * Postings: which documents hold a term, in which field, how often. What has been compacted or read from a dump is
 * packed into a text and is read where it lies; what came since is a list of numbers behind it. So an index read from a
 * dump costs about as many bytes as the dump, and reading one costs no decoding. Documents ascend by number.
 *
 * ```
 * packed  = { step code }           one pair for each (document, field) that holds the term
 * step    = number                  the document's number minus that of the pair before (0 before the first)
 * code    = number                  frequency × number of fields + field
 * number  = { digit + 32 } digit    base 32, lowest digits first; each a character, code 48 + digit (+ 32 if more follow)
 * ```
 */
import { assert } from '@headwater/log'

/** The postings of one term. Changed in place. */
export interface Postings {
  packed: string
  /** Pairs of document and code, behind the packed ones. */
  tail: number[] | undefined
}

const ZERO = 48
const DIGIT_BITS = 5
const MORE = 1 << DIGIT_BITS

/** Pairs of document and code as numbers, in one array that is used again and again. */
export interface PairBuffer {
  pairs: Int32Array
  /** Numbers in use: twice the pairs. */
  length: number
}

/** An empty buffer. */
export function createPairBuffer(): PairBuffer {
  return { pairs: new Int32Array(1024), length: 0 }
}

/** Reads a term's postings into `buffer`. */
export function readPostings(postings: Postings, buffer: PairBuffer): void {
  const { packed, tail } = postings
  const atMost = packed.length + (tail?.length ?? 0)
  if (buffer.pairs.length < atMost) buffer.pairs = new Int32Array(atMost * 2)
  buffer.length = unpack(packed, buffer.pairs)
  if (!tail) return
  buffer.pairs.set(tail, buffer.length)
  buffer.length += tail.length
}

function unpack(packed: string, pairs: Int32Array): number {
  let length = 0
  let document = 0
  let number = 0
  let shift = 0
  for (let i = 0; i < packed.length; i++) {
    const digit = packed.charCodeAt(i) - ZERO
    if (digit >= MORE) {
      number |= (digit - MORE) << shift
      shift += DIGIT_BITS
      continue
    }
    number |= digit << shift
    if ((length & 1) === 0) document = number += document
    pairs[length++] = number
    number = 0
    shift = 0
  }
  return length
}

/** Packs pairs into text. */
export interface Packer {
  /** The pairs of `buffer`, packed; documents must ascend. */
  pack(buffer: PairBuffer): string
}

/** A packer; it keeps one scratch buffer. */
export function createPacker(): Packer {
  const decoder = new TextDecoder()
  let bytes = new Uint8Array(4096)
  const pack = ({ pairs, length }: PairBuffer): string => {
    if (bytes.length < length * 7) bytes = new Uint8Array(length * 14)
    let end = 0
    let before = 0
    for (let i = 0; i < length; i += 2) {
      assert(pairs[i]! >= before, 'postings ascend by document')
      end = writeNumber(bytes, end, pairs[i]! - before)
      end = writeNumber(bytes, end, pairs[i + 1]!)
      before = pairs[i]!
    }
    return decoder.decode(bytes.subarray(0, end))
  }
  return { pack }
}

function writeNumber(bytes: Uint8Array, at: number, number: number): number {
  let rest = number
  let end = at
  while (rest >= MORE) {
    bytes[end++] = ZERO + MORE + (rest & (MORE - 1))
    rest >>>= DIGIT_BITS
  }
  bytes[end++] = ZERO + rest
  return end
}
