/**
 * The seeded generator: the year of a small team, as events. The same seed, count and end give the same events, in the
 * order of their time, about 420 bytes each as JSON: issues are opened, commented, edited, assigned, closed, and now
 * and then reopened or deleted. Pure and lazy, so that whoever stores them decides how much is made at a time.
 */
import type { Draft } from 'headwater'
import {
  CommentAdded,
  IssueAssigned,
  IssueClosed,
  IssueDeleted,
  IssueEdited,
  IssueOpened,
  IssueReopened,
} from './model.ts'
import { PEOPLE } from './people.ts'
import { LABELS, PARTS, PLACES, REPLIES, SENTENCES, SYMPTOMS } from './phrases.ts'

export interface Story {
  readonly seed: number
  readonly count: number
  /** The time of the last event; the first is a year earlier. */
  readonly endsAt: number
}

const YEAR_MS = 365 * 86_400_000
const POINTS = [0, 1, 1, 2, 2, 3, 3, 5, 8, 13] as const
/** How often each thing happens, out of the sum, once there is an issue that it can happen to. */
const ODDS = { open: 26, comment: 30, edit: 14, assign: 4, close: 20, reopen: 2, remove: 1 } as const
/** Below this, new issues are opened first: one alone would draw every comment. */
const FEWEST_OPEN = 4
type Act = keyof typeof ODDS

/** The events of the story, one by one. */
export function* generateEvents({ seed, count, endsAt }: Story): Generator<Draft, void, undefined> {
  const chance = createChance(seed)
  const team = createTeam(seed, chance)
  for (let i = 0; i < count; i++) {
    const share = (i + 1) / count
    yield team.next(Math.round(endsAt - YEAR_MS * (1 - share)))
  }
}

interface Team {
  next(at: number): Draft
}

function createTeam(seed: number, chance: Chance): Team {
  const open: string[] = []
  const closed: string[] = []
  let opened = 0
  let said = 0
  /** Most issues get somebody right away. */
  let toAssign: string | undefined

  const openIssue = (id: string, by: string, at: number): Draft => {
    open.push(id)
    if (chance.below(10) < 8) toAssign = id
    const title = fill(chance, chance.pick(SYMPTOMS))
    return IssueOpened({
      id,
      by,
      at,
      title,
      body: text(chance, 5, 9),
      points: chance.pick(POINTS),
      labels: chance.some(LABELS),
    })
  }

  const acts: Readonly<Record<Act, (by: string, at: number) => Draft>> = {
    open: (by, at) => openIssue(`${seed.toString(36)}-${(++opened).toString(36)}`, by, at),
    comment: (by, at) =>
      CommentAdded({
        id: `${seed.toString(36)}-c${(++said).toString(36)}`,
        issue: chance.recent(open),
        by,
        at,
        text: comment(chance),
      }),
    edit: (by, at) => IssueEdited({ id: chance.recent(open), by, at, ...change(chance) }),
    assign: (by, at) => IssueAssigned({ id: chance.recent(open), by, at, assignee: chance.pick(PEOPLE) }),
    close: (by, at) => IssueClosed({ id: move(chance, open, closed), by, at }),
    reopen: (by, at) => IssueReopened({ id: move(chance, closed, open), by, at }),
    remove: (by, at) => IssueDeleted({ id: take(chance, open), by, at }),
  }

  return {
    next(at) {
      if (toAssign !== undefined) {
        const id = toAssign
        toAssign = undefined
        return IssueAssigned({ id, by: chance.pick(PEOPLE), at, assignee: chance.pick(PEOPLE) })
      }
      const act = open.length < FEWEST_OPEN ? 'open' : chance.weighted(ODDS)
      const possible = act === 'reopen' && closed.length === 0 ? 'comment' : act
      return acts[possible](chance.pick(PEOPLE), at)
    },
  }
}

function change(chance: Chance): {
  readonly body?: string
  readonly points?: number
  readonly title?: string
} {
  if (chance.below(10) < 7) return { body: text(chance, 5, 9) }
  return chance.below(2) === 0
    ? { points: chance.pick(POINTS) }
    : { title: fill(chance, chance.pick(SYMPTOMS)) }
}

function comment(chance: Chance): string {
  const reply = fill(chance, chance.pick(REPLIES))
  return chance.below(4) === 0 ? reply : `${reply} ${text(chance, 2, 5)}`
}

function text(chance: Chance, least: number, most: number): string {
  const count = least + chance.below(most - least + 1)
  const first = chance.below(SENTENCES.length)
  // A stride without common divisor visits no sentence twice.
  const stride = chance.pick([1, 5, 7, 11])
  const sentence = (i: number): string =>
    fill(chance, SENTENCES[(first + i * stride) % SENTENCES.length] ?? '')
  return Array.from({ length: count }, (_, i) => sentence(i)).join(' ')
}

function fill(chance: Chance, template: string): string {
  return template
    .replace('{part}', () => chance.pick(PARTS))
    .replace('{place}', () => chance.pick(PLACES))
    .replace('{person}', () => chance.pick(PEOPLE))
    .replace('{n}', () => String(2 + chance.below(240)))
}

/** Takes one of the list out, and puts another in its place. */
function take(chance: Chance, from: string[]): string {
  const at = chance.recentIndex(from.length)
  const id = from[at] ?? ''
  const last = from.pop() ?? ''
  if (at < from.length) from[at] = last
  return id
}

function move(chance: Chance, from: string[], to: string[]): string {
  const id = take(chance, from)
  to.push(id)
  return id
}

interface Chance {
  below(bound: number): number
  pick<Item>(items: readonly Item[]): Item
  some<Item>(items: readonly Item[]): Item[]
  weighted(odds: Readonly<Record<Act, number>>): Act
  /** An index of a list of this length: rather late than early. */
  recentIndex(length: number): number
  recent(ids: readonly string[]): string
}

function createChance(seed: number): Chance {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x51_7c_c1_b7) >>> 0
  /** Mulberry32 by Tommy Ettinger: 32 bits of state are plenty for a story. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound: number): number => Math.floor(next() * bound)
  const recentIndex = (length: number): number => length - 1 - Math.floor(length * next() ** 3)
  return {
    below,
    recentIndex,
    pick: (items) => items[below(items.length)] ?? items[0]!,
    some: (items) => items.filter(() => below(items.length) === 0).slice(0, 3),
    recent: (ids) => ids[recentIndex(ids.length)] ?? '',
    weighted(odds) {
      const acts = Object.entries(odds) as [Act, number][]
      let rest = below(acts.reduce((sum, [, share]) => sum + share, 0))
      for (const [act, share] of acts) {
        if (rest < share) return act
        rest -= share
      }
      return 'open'
    },
  }
}
