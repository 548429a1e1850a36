/**
 * One seeded stream of issue-tracker events, about 420 bytes each as JSON, the input of every figure. The same seed
 * gives the same events on both sides, on any machine. `mixed` is a tracker's life (three events in ten open an
 * issue); `opened` makes a row of each event. Issue ids count up, as a tracker's do, so keys close together are old
 * together.
 */

/** An event as an app says it; `at` is the stream's own time, so that answers do not depend on when it is stored. */
export type TrackerEvent =
  | { readonly type: 'issue.opened'; readonly version: 1; readonly data: Opened }
  | { readonly type: 'issue.edited'; readonly version: 1; readonly data: Edited }
  | { readonly type: 'issue.assigned'; readonly version: 1; readonly data: Assigned }
  | { readonly type: 'issue.commented'; readonly version: 1; readonly data: Said }
  | { readonly type: 'issue.closed'; readonly version: 1; readonly data: Said }
  | { readonly type: 'issue.reopened'; readonly version: 1; readonly data: Said }

export interface Opened {
  readonly id: string
  readonly title: string
  readonly body: string
  readonly author: string
  readonly assignee: string
  readonly priority: number
  readonly points: number
  readonly labels: string[]
  readonly at: number
}
export interface Edited {
  readonly id: string
  readonly title: string
  readonly body: string
  readonly by: string
  readonly at: number
}
export interface Assigned {
  readonly id: string
  readonly assignee: string
  readonly note: string
  readonly by: string
  readonly at: number
}
export interface Said {
  readonly id: string
  readonly text: string
  readonly by: string
  readonly at: number
}

/** What the stream is made of. */
export type StreamKind = 'mixed' | 'opened'

const FIRST_TIME = 1_750_000_000_000
const WORD_COUNT = 4_000
const PEOPLE_COUNT = 40
const LABELS = ['bug', 'feature', 'question', 'docs', 'performance', 'security', 'design', 'regression']
const SYLLABLES = [
  'ka',
  'lo',
  'mi',
  'ter',
  'san',
  've',
  'rin',
  'do',
  'pel',
  'us',
  'har',
  'ne',
  'qua',
  'sti',
  'bo',
]

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function createChance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The id of the nth issue, from 0. */
export function issueId(place: number): string {
  return `issue-${String(place).padStart(7, '0')}`
}

/** The nth word of the stream's vocabulary. */
export function wordAt(place: number): string {
  const last = SYLLABLES.length
  const tail = SYLLABLES[Math.floor(place / (last * last)) % last]!
  return (
    SYLLABLES[place % last]! +
    SYLLABLES[Math.floor(place / last) % last]! +
    tail +
    (place >= 3_375 ? 'x' : '')
  )
}

/** An endless stream: each call of `next` makes the next event. */
export interface Stream {
  next(): TrackerEvent
}

/** Starts a stream. */
export function createStream(seed: number, kind: StreamKind): Stream {
  const chance = createChance(seed)
  let issues = 0
  let at = FIRST_TIME
  return {
    next() {
      at += 1_000 + Math.floor(chance() * 60_000)
      const what = kind === 'opened' || issues === 0 ? 0 : chance()
      if (what < 0.3) return opened(chance, issueId(issues++), at)
      const recent = Math.floor(issues * (1 - chance() ** 2))
      return laterEvent(chance, what, issueId(Math.min(recent, issues - 1)), at)
    },
  }
}

/** The first `count` events of a stream. */
export function takeEvents(seed: number, count: number, kind: StreamKind): TrackerEvent[] {
  const stream = createStream(seed, kind)
  return Array.from({ length: count }, () => stream.next())
}

function opened(chance: () => number, id: string, at: number): TrackerEvent {
  const data: Opened = {
    id,
    title: sentence(chance, 45),
    body: sentence(chance, 175),
    author: person(chance),
    assignee: person(chance),
    priority: Math.floor(chance() * 5),
    points: Math.floor(chance() * 13),
    labels: [LABELS[Math.floor(chance() * LABELS.length)]!],
    at,
  }
  return { type: 'issue.opened', version: 1, data }
}

function laterEvent(chance: () => number, what: number, id: string, at: number): TrackerEvent {
  const by = person(chance)
  if (what < 0.45)
    return {
      type: 'issue.edited',
      version: 1,
      data: { id, title: sentence(chance, 45), body: sentence(chance, 250), by, at },
    }
  if (what < 0.55)
    return {
      type: 'issue.assigned',
      version: 1,
      data: { id, assignee: person(chance), note: sentence(chance, 275), by, at },
    }
  const data: Said = { id, text: sentence(chance, 305), by, at }
  if (what < 0.8) return { type: 'issue.commented', version: 1, data }
  return what < 0.92
    ? { type: 'issue.closed', version: 1, data }
    : { type: 'issue.reopened', version: 1, data }
}

/** Words of a skewed vocabulary, about `length` characters, a fifth more or less. */
function sentence(chance: () => number, length: number): string {
  const wanted = length * (0.8 + chance() * 0.4)
  const words: string[] = []
  for (let taken = 0; taken < wanted; taken += words.at(-1)!.length + 1) {
    words.push(wordAt(Math.floor(WORD_COUNT * chance() ** 2.5)))
  }
  // Joined, not added up: a string that is a tree of its parts would be flattened inside somebody's measurement.
  return words.join(' ')
}

function person(chance: () => number): string {
  return `person-${Math.floor(chance() * PEOPLE_COUNT)}`
}
