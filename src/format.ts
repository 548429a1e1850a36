/** Numbers and times as people read them. Pure; `now` is handed in. */
const whole = new Intl.NumberFormat('en')
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const dayAndTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

/** `12,345`. */
export const formatCount = (count: number): string => whole.format(count)

/** `12.3K`. */
export const formatShort = (count: number): string => short.format(count)

/** `Nov 22, 2026, 5:04 PM`. */
export const formatTime = (time: number): string => dayAndTime.format(time)

/** `1 issue`, `2 issues`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

const AGES: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** `3 days ago`. */
export function formatAge(time: number, now: number): string {
  const seconds = (time - now) / 1000
  const age = AGES.find(([, size]) => Math.abs(seconds) >= size)
  return age === undefined ? 'just now' : relative.format(Math.trunc(seconds / age[1]), age[0])
}

const UNITS = ['B', 'KB', 'MB', 'GB']

/** `4.2 MB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${UNITS[power]}`
}

/** `3 h`, `2.5 days`. */
export function formatHours(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} min`
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`
}
