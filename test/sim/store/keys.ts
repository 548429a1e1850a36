// Keys of the simulated store: numbers before strings, as IndexedDB orders them. Other kinds are refused.

export type Key = number | string

/** The key itself, when it may be one. Throws `DataError` as IndexedDB does. */
export function keyOf(value: unknown): Key {
  if (typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value))) return value
  throw new DOMException(`${String(value)} is no key`, 'DataError')
}

export function compareKeys(a: Key, b: Key): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

/** What `IDBKeyRange` is to IndexedDB. */
export class SimKeyRange {
  readonly lower: Key | undefined
  readonly upper: Key | undefined
  readonly lowerOpen: boolean
  readonly upperOpen: boolean

  private constructor(
    lower: Key | undefined,
    upper: Key | undefined,
    lowerOpen: boolean,
    upperOpen: boolean,
  ) {
    this.lower = lower
    this.upper = upper
    this.lowerOpen = lowerOpen
    this.upperOpen = upperOpen
  }

  static only(key: unknown): SimKeyRange {
    return new SimKeyRange(keyOf(key), keyOf(key), false, false)
  }
  static lowerBound(key: unknown, open = false): SimKeyRange {
    return new SimKeyRange(keyOf(key), undefined, open, true)
  }
  static upperBound(key: unknown, open = false): SimKeyRange {
    return new SimKeyRange(undefined, keyOf(key), true, open)
  }
  static bound(lower: unknown, upper: unknown, lowerOpen = false, upperOpen = false): SimKeyRange {
    const [from, to] = [keyOf(lower), keyOf(upper)]
    const order = compareKeys(from, to)
    if (order > 0 || (order === 0 && (lowerOpen || upperOpen)))
      throw new DOMException('the lower bound lies above the upper one', 'DataError')
    return new SimKeyRange(from, to, lowerOpen, upperOpen)
  }

  includes(value: unknown): boolean {
    const key = keyOf(value)
    const { lower, upper, lowerOpen, upperOpen } = this
    const below = lower === undefined ? -1 : compareKeys(lower, key)
    const above = upper === undefined ? -1 : compareKeys(key, upper)
    return (below < 0 || (below === 0 && !lowerOpen)) && (above < 0 || (above === 0 && !upperOpen))
  }
}

/** The range that a query means: all, one key, or itself. */
export function rangeOf(query: unknown): SimKeyRange | undefined {
  if (query === undefined || query === null) return undefined
  return query instanceof SimKeyRange ? query : SimKeyRange.only(query)
}
