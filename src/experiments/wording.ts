/** Measured values in words. */
import { formatCount } from '../format.ts'

/** `0.8 ms`, `42 ms`, `1.2 s`. */
export function formatMs(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
}

/** `€1,234.50` for 123,450 cents. */
export const formatCents = (cents: number): string => euros.format(cents / 100)

const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })

/** `300 of 300`. */
export const formatOf = (part: number, whole: number): string =>
  `${formatCount(part)} of ${formatCount(whole)}`
