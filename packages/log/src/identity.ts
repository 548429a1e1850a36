/**
 * The numbers and names that place an event: where it arrived, who wrote it, when.
 *
 * Three numbers, three brands, so that none is taken for another: an `Offset` is the arrival position in *this*
 * log; `(ReplicaId, Sequence)` is an event's identity everywhere, the thing version vectors count; a `Timestamp` is
 * a hybrid logical clock's value and orders concurrent events. A timestamp is never identity and never progress.
 */
import { assert } from './assert.ts'
import type { Random } from './seams.ts'

/** Arrival position of an event in this log: 1 for the first; 0 means "before everything". */
export type Offset = number & { readonly __brand: 'Offset' }
/** A replica's own counter: one an event, from 1, without gaps. */
export type Sequence = number & { readonly __brand: 'Sequence' }
/** Hybrid logical clock value: wall milliseconds × 1,024 + counter, a safe integer. */
export type Timestamp = number & { readonly __brand: 'Timestamp' }
/** 96 random bits that name one profile's (one device's) log: 16 characters whose string order is their byte order. */
export type ReplicaId = string & { readonly __brand: 'ReplicaId' }
/** 96 random bits drawn where `append` is called; makes an append safe to issue again. Same spelling as `ReplicaId`. */
export type CommitId = string & { readonly __brand: 'CommitId' }
/** 96 random bits drawn when a log is created; a base that was folded from another log is worthless. */
export type LogId = string & { readonly __brand: 'LogId' }

/** Before the first event. */
export const ORIGIN = 0 as Offset

/** Base64 digits in ASCII order, so that encoded ids sort as their bytes do. */
const DIGITS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'
const ID_BYTES = 12
const ID_PATTERN = /^[-0-9A-Z_a-z]{16}$/

const CODE_OF_VALUE: Uint8Array = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0))

/** The value of each digit by character code; 255 where the character is no digit. */
const VALUE_OF_CODE: Uint8Array = (() => {
  const values = new Uint8Array(128).fill(255)
  for (let value = 0; value < DIGITS.length; value++) values[DIGITS.charCodeAt(value)] = value
  return values
})()

/** Spells 12 bytes as a 16-character id. */
export function bytesToId(bytes: Uint8Array, at = 0): string {
  assert(bytes.length >= at + ID_BYTES, 'an id is 12 bytes')
  return (
    threeToText(bytes, at) +
    threeToText(bytes, at + 3) +
    threeToText(bytes, at + 6) +
    threeToText(bytes, at + 9)
  )
}

function threeToText(bytes: Uint8Array, at: number): string {
  const word = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!
  return String.fromCharCode(
    CODE_OF_VALUE[word >>> 18]!,
    CODE_OF_VALUE[(word >>> 12) & 63]!,
    CODE_OF_VALUE[(word >>> 6) & 63]!,
    CODE_OF_VALUE[word & 63]!,
  )
}

/** Writes an id's 12 bytes into `target` at `at`. */
export function writeId(id: string, target: Uint8Array, at: number): void {
  if (!ID_PATTERN.test(id)) assert(false, `"${id}" is not a 16-character id`)
  for (let i = 0; i < 4; i++) {
    const c = i * 4
    const word =
      (VALUE_OF_CODE[id.charCodeAt(c)]! << 18) |
      (VALUE_OF_CODE[id.charCodeAt(c + 1)]! << 12) |
      (VALUE_OF_CODE[id.charCodeAt(c + 2)]! << 6) |
      VALUE_OF_CODE[id.charCodeAt(c + 3)]!
    target[at + i * 3] = word >>> 16
    target[at + i * 3 + 1] = word >>> 8
    target[at + i * 3 + 2] = word
  }
}

/** Whether foreign text is spelled as an id. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && ID_PATTERN.test(text)
}

/** Draws a fresh id. */
export function drawId<Id extends ReplicaId | CommitId | LogId>(random: Random): Id {
  return bytesToId(random.bytes(ID_BYTES)) as Id
}
