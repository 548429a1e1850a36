/**
 * Finding a fork point as a pure search: the last commit of a replica that both sides have in common. Chain hashes make it a
 * bisection, since two sides agree on everything before a commit on which they agree. Only sequences that end a standing commit
 * of ours can be asked about, and they are looked up first, in a window as wide as the largest commit; a sequence that ends a
 * commit of one side only lies behind the fork.
 *
 * Between peers the search goes on to the first commit in which they differ, whose hash decides whose branch stands.
 */
import { MAX_COMMIT_EVENTS, type ReplicaId, type Sequence } from '@headwater/log'
import { MAX_PROBE_SEQUENCES } from '../limits.ts'

/** A sequence, and the chain hash behind the commit that ends with it, if one does. */
export type EndHash = readonly [Sequence, Uint8Array | undefined]

/** A search under way. */
export interface ForkSearch {
  readonly replica: ReplicaId
  /** Both sides have the commit that ends here in common; 0 is the beginning, which all have. */
  readonly low: number
  /** They have none in common that ends here or later. */
  readonly high: number
  /** Whether the first differing commits are compared (peers), or ours gives way in any case (facing a hub). */
  readonly decides: boolean
  /** What the next answer is about. */
  readonly stage: 'own' | 'theirs' | 'own-first' | 'their-first'
  /** Commit ends of ours, in the stages after they were looked up. */
  readonly ends: readonly EndHash[]
  /** In the last stage: from where the other side is asked. */
  readonly askFrom: number
}

/** What a search wants next. */
export type ForkStep =
  | { readonly type: 'lookup'; readonly search: ForkSearch; readonly sequences: readonly Sequence[] }
  | { readonly type: 'probe'; readonly search: ForkSearch; readonly sequences: readonly Sequence[] }
  /** Our commits of the replica behind `after` give way, stand, or there is nothing to decide. */
  | { readonly type: 'found'; readonly after: Sequence; readonly ours: 'yields' | 'stands' | 'none' }

/** Starts a search among commits that end below `high`. */
export function searchFork(replica: ReplicaId, high: number, decides: boolean): ForkStep {
  return bisect({ replica, low: 0, high, decides, stage: 'own', ends: [], askFrom: 0 })
}

/** Goes on with the answer to the last step: hashes of ours after a `lookup`, of theirs after a `probe`. */
export function continueFork(search: ForkSearch, hashes: readonly EndHash[]): ForkStep {
  const { stage } = search
  if (stage === 'own') return withOwnEnds(search, hashes)
  if (stage === 'theirs') return bisect(narrow(search, hashes))
  return stage === 'own-first' ? withOwnFirst(search, hashes) : withTheirFirst(search, hashes)
}

function bisect(search: ForkSearch): ForkStep {
  const { low, high } = search
  if (high - low <= 1) {
    const sequences = range(low + 1, low + 1 + MAX_COMMIT_EVENTS)
    return { type: 'lookup', search: { ...search, stage: 'own-first' }, sequences }
  }
  return { type: 'lookup', search: { ...search, stage: 'own' }, sequences: windowOf(search) }
}

/** All that is left when that is little, else a window from the middle on, in which one of our commits must end. */
function windowOf({ low, high }: ForkSearch): readonly Sequence[] {
  const isSmall = high - low - 1 <= MAX_COMMIT_EVENTS
  const from = isSmall ? low + 1 : Math.floor((low + high) / 2)
  return range(from, Math.min(high, from + MAX_COMMIT_EVENTS))
}

function withOwnEnds(search: ForkSearch, hashes: readonly EndHash[]): ForkStep {
  const ends = hashes.filter(([, hash]) => hash !== undefined)
  const from = windowOf(search)[0] ?? search.low + 1
  // None ends in a window as wide as a commit: we hold nothing from there on.
  if (ends.length === 0) return bisect({ ...search, high: from })
  const asked = spread(ends, MAX_PROBE_SEQUENCES)
  const sequences = asked.map(([sequence]) => sequence)
  return { type: 'probe', search: { ...search, stage: 'theirs', ends: asked }, sequences }
}

function narrow(search: ForkSearch, hashes: readonly EndHash[]): ForkSearch {
  const theirs = new Map(hashes)
  let { low, high } = search
  for (const [sequence, hash] of search.ends) {
    if (isSame(hash, theirs.get(sequence))) low = Math.max(low, sequence)
    else high = Math.min(high, sequence)
  }
  // Answers that contradict each other (common behind different) are a liar's; the search ends all the same.
  return { ...search, low: Math.min(low, high - 1), high, ends: [] }
}

function withOwnFirst(search: ForkSearch, hashes: readonly EndHash[]): ForkStep {
  const first = hashes.find(([, hash]) => hash !== undefined)
  const after = search.low as Sequence
  if (!first) return { type: 'found', after, ours: 'none' }
  if (!search.decides) return { type: 'found', after, ours: 'yields' }
  return askFirst({ ...search, ends: [first], askFrom: search.low + 1 })
}

function askFirst(search: ForkSearch): ForkStep {
  const to = Math.min(search.askFrom + MAX_PROBE_SEQUENCES, search.low + 1 + MAX_COMMIT_EVENTS)
  const sequences = range(search.askFrom, to)
  if (sequences.length === 0) return { type: 'found', after: search.low as Sequence, ours: 'none' }
  return { type: 'probe', search: { ...search, stage: 'their-first', askFrom: to }, sequences }
}

function withTheirFirst(search: ForkSearch, hashes: readonly EndHash[]): ForkStep {
  const theirs = hashes.find(([, hash]) => hash !== undefined)?.[1]
  const ours = search.ends[0]?.[1]
  if (!theirs || !ours) return askFirst(search)
  const order = compareHashes(ours, theirs)
  const verdict = order === 0 ? 'none' : order < 0 ? 'stands' : 'yields'
  return { type: 'found', after: search.low as Sequence, ours: verdict }
}

/** Below 0 when `a` comes first, byte by byte. */
export function compareHashes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && compareHashes(a, b) === 0
}

function range(from: number, to: number): readonly Sequence[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => (from + i) as Sequence)
}

/** At most `count` of the items, evenly, the last among them. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items
  return Array.from({ length: count }, (_, i) => items[Math.floor(((i + 1) * items.length) / count) - 1]!)
}
