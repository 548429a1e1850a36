/** Which events of the log are wanted, as the filter of the log page holds it and as the engine is asked. */
import type { ReadLogOptions } from 'headwater'

export interface LogFilter {
  readonly type: string
  readonly key: string
  readonly replica: string
  /** Local times as an input has them; empty for no bound. */
  readonly since: string
  readonly until: string
}

export const EVERYTHING: LogFilter = { type: '', key: '', replica: '', since: '', until: '' }

export const isEverything = (filter: LogFilter): boolean => Object.values(filter).every((part) => part === '')

/** What an address says, `#/room/log/key/x7`; anything else is everything. */
export function filterOf([name, value = '']: readonly string[]): LogFilter {
  switch (name) {
    case 'key':
      return { ...EVERYTHING, key: value }
    case 'type':
      return { ...EVERYTHING, type: value }
    case 'replica':
      return { ...EVERYTHING, replica: value }
    default:
      return EVERYTHING
  }
}

export function optionsOf({ type, key, replica, since, until }: LogFilter): ReadLogOptions {
  return {
    ...(type && { types: [type] }),
    ...(key && { key: key.trim() }),
    ...(replica && { replica }),
    ...(since && { since: new Date(since).getTime() }),
    ...(until && { until: new Date(until).getTime() }),
  }
}
