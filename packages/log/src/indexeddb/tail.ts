/**
 * What was just appended, kept in memory so that folding it reads nothing. The records in it follow each other without a
 * gap up to the newest that this handle wrote; another tab's commit in between empties it. It holds at most `TAIL_BYTES`,
 * the oldest leave first.
 */
import { type OpenRecord, openRecord } from '../decode.ts'
import { HeadwaterError } from '../error.ts'
import type { NewRecord } from '../grouping.ts'
import { parseRecord } from '../record.ts'

/** The most bytes of records that stay in memory. */
export const TAIL_BYTES = 4_194_304

/** The records that were appended last. */
export interface Tail {
  /** Puts records behind the others, or in their stead when something else lies between. */
  push(records: readonly NewRecord[]): void
  /** The records from the one that covers `position` on; undefined when the tail does not reach back to it. */
  from(position: number): readonly OpenRecord[] | undefined
  readonly clear: () => void
}

interface Kept extends NewRecord {
  open?: OpenRecord
}

/** Creates an empty tail. */
export function createTail(): Tail {
  let kept: Kept[] = []
  let bytes = 0
  const clear = (): void => {
    kept = []
    bytes = 0
  }
  const shorten = (): void => {
    let dropped = 0
    while (bytes > TAIL_BYTES && dropped < kept.length) bytes -= kept[dropped++]!.bytes.length
    if (dropped > 0) kept = kept.slice(dropped)
  }
  return {
    push: (records) => {
      for (const record of records) {
        const last = kept.at(-1)
        if (last && last.lastOffset + 1 !== record.firstOffset) clear()
        kept.push({ ...record })
        bytes += record.bytes.length
      }
      shorten()
    },
    from: (position) => {
      const last = kept.at(-1)
      if (!last || last.lastOffset < position || kept[0]!.firstOffset > position) return undefined
      const place = kept.findLastIndex(({ firstOffset }) => firstOffset <= position)
      return kept.slice(place, place + READ_AT_ONCE).map(opened)
    },
    clear,
  }
}

/** Records that one read takes from the tail; further ones are had by the next. */
const READ_AT_ONCE = 64

/** A record of our own making cannot be refused. */
function opened(record: Kept): OpenRecord {
  if (record.open) return record.open
  const view = parseRecord(record.firstOffset, record.bytes)
  const open = view instanceof HeadwaterError ? view : openRecord(view)
  if (open instanceof HeadwaterError) throw open
  record.open = open
  return open
}
