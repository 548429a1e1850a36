/**
 * Sums of doubles without rounding: adding and taking away in any order comes back to the same sum, and 0.1 + 0.2 −
 * 0.1 − 0.2 is 0. A sum is a plain JSON value in one canonical form; it is rounded once, correctly, when it is read.
 *
 * As long as the sum is itself a double it is kept as one (the addition's error is computed by Knuth's TwoSum, The Art
 * of Computer Programming 2, 4.2.2, Theorem B, and is 0); else as an odd integer × 2^exponent.
 */
import { assert } from '@headwater/log'

/** The exact sum: a finite double, or the decimal digits of an odd integer and the power of two it is scaled by. */
export type ExactSum = number | readonly [digits: string, exponent: number]

/** The sum plus `value`, a finite double. */
export function addExact(sum: ExactSum, value: number): ExactSum {
  assert(Number.isFinite(value), 'only finite numbers are summed')
  if (typeof sum === 'number') {
    const rounded = sum + value
    const other = rounded - sum
    const error = sum - (rounded - other) + (value - other)
    if (error === 0) return rounded === 0 ? 0 : rounded // no -0, which JSON cannot carry
  }
  return canonical(addScaled(toScaled(sum), toScaled(value)))
}

/** Two sums together. */
export function mergeSums(a: ExactSum, b: ExactSum): ExactSum {
  if (typeof b === 'number') return addExact(a, b)
  return typeof a === 'number' ? addExact(b, a) : canonical(addScaled(toScaled(a), toScaled(b)))
}

/** The double nearest to the sum, ties to even; infinite where it lies beyond all doubles. */
export function roundSum(sum: ExactSum): number {
  return typeof sum === 'number' ? sum : roundScaled(toScaled(sum))
}

/** integer × 2^exponent */
interface Scaled {
  readonly integer: bigint
  readonly exponent: number
}

const LEAST_EXPONENT = -1074
const FRACTION_BITS = 52
const bits = new DataView(new ArrayBuffer(8))

function toScaled(sum: ExactSum): Scaled {
  if (typeof sum !== 'number') return { integer: BigInt(sum[0]), exponent: sum[1] }
  bits.setFloat64(0, sum)
  const all = bits.getBigUint64(0)
  const biased = Number((all >> 52n) & 0x7ffn)
  const fraction = all & 0xfffffffffffffn
  const integer = biased === 0 ? fraction : fraction | 0x10000000000000n
  return { integer: all >> 63n ? -integer : integer, exponent: LEAST_EXPONENT + Math.max(biased, 1) - 1 }
}

function addScaled(a: Scaled, b: Scaled): Scaled {
  const exponent = Math.min(a.exponent, b.exponent)
  return { integer: raised(a, exponent) + raised(b, exponent), exponent }
}

function raised({ integer, exponent }: Scaled, target: number): bigint {
  return integer << BigInt(exponent - target)
}

function canonical({ integer, exponent }: Scaled): ExactSum {
  if (integer === 0n) return 0
  const evens = trailingZeros(integer)
  const odd = { integer: integer >> BigInt(evens), exponent: exponent + evens }
  const rounded = roundScaled(odd)
  const exact = bitLength(odd.integer) <= FRACTION_BITS + 1 && Number.isFinite(rounded)
  return exact ? rounded : [String(odd.integer), odd.exponent]
}

/** Keeps 64 bits and a sticky one, so that `Number` rounds once; the scaling after it is exact. */
function roundScaled({ integer, exponent }: Scaled): number {
  const dropped = Math.max(0, bitLength(integer) - FRACTION_BITS - 12)
  const head = integer >> BigInt(dropped)
  const sticky = head << BigInt(dropped) === integer ? 0n : 1n
  return scale(Number(dropped === 0 ? integer : head | sticky), exponent + dropped)
}

/** In steps of at most 2^1000; what is scaled down into the subnormals is exact, since every sum is a multiple of 2^-1074. */
function scale(value: number, exponent: number): number {
  let scaled = value
  for (let left = exponent; left !== 0; ) {
    const step = Math.max(-1000, Math.min(1000, left))
    scaled *= 2 ** step
    left -= step
  }
  return scaled
}

function bitLength(integer: bigint): number {
  const hex = (integer < 0n ? -integer : integer).toString(16)
  return hex.length * 4 - Math.clz32(Number.parseInt(hex.charAt(0), 16)) + 28
}

function trailingZeros(integer: bigint): number {
  return bitLength(integer & -integer) - 1
}
