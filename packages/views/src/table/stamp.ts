/**
 * Stamps: the order in which a key's events are folded on every replica, (timestamp, replica, sequence), as numbers for
 * comparing and as text whose order is the same, for the keys of the history map. Nothing here knows what an event says.
 *
 * ```
 * stamp    = 9 digits (timestamp) 16 characters (replica) sequence
 * sequence = '2' 2 digits | '4' 4 digits | '9' 9 digits        the shortest that holds it
 * digit    = 6 bits, spelled so that ASCII order is numeric order
 * ```
 */
import type { ReplicaId, Sequence, Timestamp } from '@headwater/log'

/** What orders events. */
export interface Stamp {
  readonly timestamp: Timestamp
  readonly replica: ReplicaId
  readonly sequence: Sequence
}

const DIGITS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'
const PAIRS: readonly string[] = Array.from(
  { length: 4096 },
  (_, bits) => DIGITS.charAt(bits >>> 6) + DIGITS.charAt(bits & 63),
)
const TIMESTAMP_DIGITS = 9
const REPLICA_END = TIMESTAMP_DIGITS + 16
const TWO_DIGITS = 2 ** 12
const FOUR_DIGITS = 2 ** 24
const LOW_BITS = 2 ** 30

/** Whether `event` comes after `stamp`; everything comes after no stamp. */
export function isNewer(event: Stamp, stamp: Stamp | undefined): boolean {
  if (stamp === undefined || event.timestamp > stamp.timestamp) return true
  if (event.timestamp < stamp.timestamp) return false
  if (event.replica === stamp.replica) return event.sequence > stamp.sequence
  return event.replica > stamp.replica
}

/** For sorting: the order of stamps. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return isNewer(a, b) ? 1 : isNewer(b, a) ? -1 : 0
}

/** The text of a stamp. */
export function spellStamp({ timestamp, replica, sequence }: Stamp): string {
  return nineDigits(timestamp) + replica + spellSequence(sequence)
}

const COMMITS_KEPT = 1_024

/** Spells stamps as `spellStamp` does, and remembers the part that all events of a commit have in common. */
export function createStampSpeller(): (stamp: Stamp) => string {
  const commits = new Map<Timestamp, { readonly replica: ReplicaId; readonly text: string }>()
  return ({ timestamp, replica, sequence }) => {
    let commit = commits.get(timestamp)
    if (commit?.replica !== replica) {
      if (commits.size >= COMMITS_KEPT) commits.clear()
      commit = { replica, text: nineDigits(timestamp) + replica }
      commits.set(timestamp, commit)
    }
    return commit.text + spellSequence(sequence)
  }
}

/** The stamp of a text that `spellStamp` made. */
export function parseStamp(text: string): Stamp {
  return {
    timestamp: parseDigits(text, 0, TIMESTAMP_DIGITS) as Timestamp,
    replica: text.slice(TIMESTAMP_DIGITS, REPLICA_END) as ReplicaId,
    sequence: parseDigits(text, REPLICA_END + 1, text.length) as Sequence,
  }
}

function spellSequence(sequence: number): string {
  if (sequence < TWO_DIGITS) return `2${PAIRS[sequence]!}`
  if (sequence < FOUR_DIGITS) return `4${PAIRS[sequence >>> 12]!}${PAIRS[sequence & 0xfff]!}`
  return `9${nineDigits(sequence)}`
}

function nineDigits(number: number): string {
  const high = Math.floor(number / LOW_BITS)
  const low = number % LOW_BITS
  const highDigits = PAIRS[high >>> 12]! + PAIRS[high & 0xfff]!
  return highDigits + PAIRS[low >>> 18]! + PAIRS[(low >>> 6) & 0xfff]! + DIGITS.charAt(low & 63)
}

function parseDigits(text: string, from: number, to: number): number {
  let number = 0
  for (let i = from; i < to; i++) number = number * 64 + DIGITS.indexOf(text.charAt(i))
  return number
}
