/**
 * Tuples of key parts as strings that order as the tuples do under `<` on JavaScript strings (UTF-16 code units):
 * null < false < true < numbers < strings, part by part, a shorter tuple before the longer ones that begin with it.
 *
 * ```
 * key    = part*
 * part   = 'A' (null) | 'B' (false) | 'C' (true) | 'D' number | 'E' string
 * number = digit{11} | digit{1,10} end      the double's 64 bits made sortable, 6 a digit, most significant first
 * end    = ' ' after a positive number or zero, whose trailing '-' are cut; '~' after a negative one, whose 'z' are
 * string = unit* ' '                        units above '!' as they are, the others as '!' and ('0' + unit)
 * ```
 *
 * Every number but NaN and the infinities keeps its exact value (-0 becomes 0), every string its exact units, lone
 * surrogates included. What is written here holds no character that JSON escapes, so that keys stay compact in pages.
 */
import { assert, HeadwaterError } from '@headwater/log'
import type { KeyPart } from './definition.ts'

/** Bounds of the keys of all tuples that begin with some parts; both inclusive. */
export interface PrefixRange {
  readonly from: string
  readonly to: string
}

/** Base64 digits in code unit order; none of them is escaped by JSON. */
const DIGITS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'
const NUMBER_DIGITS = 11
const LOWEST_DIGIT = 0x2d
const HIGHEST_DIGIT = 0x7a
/** Units up to this one are escaped by it: so ' ' is below whatever a string holds, and may end it. */
const ESCAPE = 0x21
const ESCAPE_BASE = 0x30
/** Above every part's first character. */
const ABOVE_PARTS = '~'

/** Two digits for each 12 bits. */
const PAIRS: readonly string[] = Array.from(
  { length: 4096 },
  (_, bits) => DIGITS.charAt(bits >>> 6) + DIGITS.charAt(bits & 63),
)
const VALUE_OF_CODE: Uint8Array = (() => {
  const values = new Uint8Array(128)
  for (let value = 0; value < DIGITS.length; value++) values[DIGITS.charCodeAt(value)] = value
  return values
})()
const bits = new DataView(new ArrayBuffer(8))

/** The key of a tuple. Throws `QUERY_INVALID` with the index of a part that is none (NaN, an infinity, an object). */
export function encodeKey(parts: readonly KeyPart[]): string {
  let key = ''
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    if (typeof part === 'string') key += `E${escapeString(part)} `
    else if (typeof part === 'number' && Number.isFinite(part)) key += `D${encodeNumber(part)}`
    else if (part === null) key += 'A'
    else if (part === false) key += 'B'
    else if (part === true) key += 'C'
    else throw refusePart(part, i)
  }
  return key
}

/** The tuple of a key that `encodeKey` made. */
export function decodeKey(key: string): readonly KeyPart[] {
  const parts: KeyPart[] = []
  let at = 0
  while (at < key.length) {
    const kind = key[at]
    if (kind === 'E') at = decodeString(key, at + 1, parts)
    else if (kind === 'D') at = decodeNumber(key, at + 1, parts)
    else {
      assert(kind === 'A' || kind === 'B' || kind === 'C', 'a key was made by encodeKey')
      parts.push(kind === 'A' ? null : kind === 'C')
      at++
    }
  }
  return parts
}

/** Where the keys lie whose tuples begin with `parts`, the tuple `parts` itself included; all keys for no parts. */
export function prefixRange(parts: readonly KeyPart[]): PrefixRange {
  const from = encodeKey(parts)
  return { from, to: from + ABOVE_PARTS }
}

function refusePart(part: unknown, index: number): HeadwaterError {
  const found = typeof part === 'number' ? String(part) : `of type ${typeof part}`
  return new HeadwaterError(
    'QUERY_INVALID',
    `Part ${index} of a key is ${found}, which has no place in an order.`,
    {
      hint: 'Key parts are null, booleans, finite numbers and strings.',
      path: [index],
    },
  )
}

function encodeNumber(value: number): string {
  bits.setFloat64(0, value === 0 ? 0 : value)
  let high = bits.getUint32(0)
  let low = bits.getUint32(4)
  const negative = high >>> 31 === 1
  high = negative ? ~high : high ^ 0x80000000
  if (negative) low = ~low
  const digits =
    PAIRS[high >>> 20]! +
    PAIRS[(high >>> 8) & 0xfff]! +
    PAIRS[((high & 0xff) << 4) | (low >>> 28)]! +
    (low === (negative ? -1 : 0)
      ? ''
      : PAIRS[(low >>> 16) & 0xfff]! + PAIRS[(low >>> 4) & 0xfff]! + lastDigit(low, negative))
  return cutTail(digits, negative)
}

/** The last four bits, filled up with what is cut off behind a number of that sign. */
function lastDigit(low: number, negative: boolean): string {
  return DIGITS.charAt(((low & 15) << 2) | (negative ? 3 : 0))
}

function cutTail(digits: string, negative: boolean): string {
  const fill = negative ? HIGHEST_DIGIT : LOWEST_DIGIT
  let length = digits.length
  while (length > 1 && digits.charCodeAt(length - 1) === fill) length--
  if (length === NUMBER_DIGITS) return digits
  return digits.slice(0, length) + (negative ? '~' : ' ')
}

function decodeNumber(key: string, start: number, parts: KeyPart[]): number {
  let end = start
  while (end < start + NUMBER_DIGITS && isDigit(key.charCodeAt(end))) end++
  const length = end - start
  const negative = length > 0 && VALUE_OF_CODE[key.charCodeAt(start)]! < 32
  const digit = (i: number): number =>
    i < length ? VALUE_OF_CODE[key.charCodeAt(start + i)]! : negative ? 63 : 0
  const high =
    (digit(0) << 26) |
    (digit(1) << 20) |
    (digit(2) << 14) |
    (digit(3) << 8) |
    (digit(4) << 2) |
    (digit(5) >> 4)
  const low =
    (digit(5) << 28) |
    (digit(6) << 22) |
    (digit(7) << 16) |
    (digit(8) << 10) |
    (digit(9) << 4) |
    (digit(10) >> 2)
  bits.setUint32(0, negative ? ~high : high ^ 0x80000000)
  bits.setUint32(4, negative ? ~low : low)
  parts.push(bits.getFloat64(0))
  return length === NUMBER_DIGITS ? end : end + 1
}

function isDigit(code: number): boolean {
  return code >= LOWEST_DIGIT && code <= HIGHEST_DIGIT
}

function escapeString(text: string): string {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) <= ESCAPE) return escapeFrom(text, i)
  return text
}

function escapeFrom(text: string, first: number): string {
  let escaped = ''
  let kept = 0
  for (let i = first; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > ESCAPE) continue
    escaped += `${text.slice(kept, i)}!${String.fromCharCode(ESCAPE_BASE + unit)}`
    kept = i + 1
  }
  return escaped + text.slice(kept)
}

function decodeString(key: string, start: number, parts: KeyPart[]): number {
  const end = key.indexOf(' ', start)
  assert(end >= 0, 'a string in a key has its end')
  parts.push(unescapeString(key.slice(start, end)))
  return end + 1
}

function unescapeString(escaped: string): string {
  let text = ''
  let kept = 0
  for (let at = escaped.indexOf('!'); at >= 0; at = escaped.indexOf('!', kept)) {
    text += escaped.slice(kept, at) + String.fromCharCode(escaped.charCodeAt(at + 1) - ESCAPE_BASE)
    kept = at + 2
  }
  return text + escaped.slice(kept)
}
