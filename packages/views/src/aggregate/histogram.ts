/**
 * Quantiles from a histogram whose buckets grow with the values, so that an answer lies within 1 % of an exact one,
 * also for negative values; values can be taken out again, and two histograms merge by adding their counts. The idea is
 * DDSketch's (Masson, Rim, Lee: "DDSketch", VLDB 2019); the buckets are cut linearly, 64 between two powers of two, read
 * off the bits of the double, so that every engine cuts them alike (V3) and no logarithm is taken.
 *
 * A bucket's number orders as its values do: 0 holds zero (and what is nearer to it than 2.3e-308), negative numbers
 * hold negative values. The relative error is at most 1/129.
 */
import type { Json } from '@headwater/log'

/** How many values lie in each bucket; no bucket is empty. */
export type Histogram = Map<number, number>

/** Bits of the double below the bucket's number: of 20 fraction bits in its upper half, 6 are kept. */
const DROPPED_BITS = 14
/** The number of the bucket that begins at the least normal double. */
const LEAST_NORMAL = 1 << 6
const bits = new DataView(new ArrayBuffer(8))

/** Adds `times` values; a negative number takes values out again. */
export function countValue(histogram: Histogram, value: number, times: number): void {
  countBucket(histogram, bucketOf(value), times)
}

/** Adds to a bucket by its number; so are histograms merged. */
export function countBucket(histogram: Histogram, bucket: number, times: number): void {
  const count = (histogram.get(bucket) ?? 0) + times
  if (count === 0) histogram.delete(bucket)
  else histogram.set(bucket, count)
}

/** The value at `fraction` of the way through the sorted values (0 the lowest, 1 the highest); null without values. */
export function quantileOf(histogram: Histogram, fraction: number): number | null {
  const buckets = sorted(histogram)
  let total = 0
  for (const [, count] of buckets) total += count
  const rank = Math.floor(fraction * (total - 1))
  let below = 0
  for (const [bucket, count] of buckets) {
    below += count
    if (below > rank) return middleOf(bucket)
  }
  return null
}

/** The histogram as JSON: bucket, count, bucket, count, … in ascending order. */
export function histogramToJson(histogram: Histogram): Json {
  return sorted(histogram).flat()
}

/** What `histogramToJson` wrote. */
export function jsonToHistogram(json: readonly number[]): Histogram {
  const histogram: Histogram = new Map()
  for (let i = 0; i + 1 < json.length; i += 2) histogram.set(json[i] ?? 0, json[i + 1] ?? 0)
  return histogram
}

function sorted(histogram: Histogram): [bucket: number, count: number][] {
  return [...histogram].sort((a, b) => a[0] - b[0])
}

function bucketOf(value: number): number {
  bits.setFloat64(0, Math.abs(value))
  const number = bits.getUint32(0) >>> DROPPED_BITS
  if (number < LEAST_NORMAL) return 0
  return value < 0 ? -number : number
}

/** The value whose relative distance to both ends of the bucket is the same. */
function middleOf(bucket: number): number {
  if (bucket === 0) return 0
  const low = lowerEnd(Math.abs(bucket))
  const high = Math.min(lowerEnd(Math.abs(bucket) + 1), Number.MAX_VALUE)
  const middle = low * (2 / (1 + low / high))
  return bucket < 0 ? -middle : middle
}

function lowerEnd(number: number): number {
  bits.setUint32(0, number << DROPPED_BITS)
  bits.setUint32(4, 0)
  return bits.getFloat64(0)
}
