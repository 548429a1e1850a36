/**
 * Digests of JSON values for comparing two folds: 64 bits as 16 hexadecimal characters, independent of the order of an
 * object's members, the same in every engine. They find differences, they do not withstand an attacker. The mixing steps
 * are those of MurmurHash3 (Austin Appleby, public domain), in two lanes of 32 bits.
 */
import type { Json } from '@headwater/log'

/** The digest of a JSON value. */
export function digestJson(value: Json | undefined): string {
  return digestText(value === undefined ? 'nothing' : canonicalJson(value))
}

/** The digest of a text, unit by unit. */
export function digestText(text: string): string {
  let high = 0xdeadbeef ^ text.length
  let low = 0x41c6ce57 ^ text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    high = Math.imul(high ^ unit, 0x9e3779b1)
    low = Math.imul(low ^ unit, 0x5f356495)
    high ^= high >>> 15
    low ^= low >>> 13
  }
  const mixedHigh = mix(high ^ Math.imul(low, 0xc2b2ae35))
  return hex(mixedHigh) + hex(mix(low ^ Math.imul(mixedHigh, 0x85ebca6b)))
}

/** JSON text with the members of objects in the order of their names. */
export function canonicalJson(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.keys(value).sort()
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`).join(',')}}`
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function mix(lane: number): number {
  let mixed = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

function hex(lane: number): string {
  return lane.toString(16).padStart(8, '0')
}
