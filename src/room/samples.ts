/**
 * How log, views and page fared over the last minutes, sampled on this page once a second from the first look at the machine
 * room on. Each sample is what the engine said at that moment; what is a rate here and not there is a difference of two.
 */
import type { Database } from 'headwater'
import { useEffect, useSyncExternalStore } from 'react'
import { useTracker } from '../database.ts'

export interface ViewSample {
  readonly atMs: number
  readonly lag: number
  /** Events folded in a second. */
  readonly folded: number
  /** Answers to live queries of this page in a second. */
  readonly answered: number
  /** Live queries that this page holds. */
  readonly queries: number
}

export interface LogSample {
  readonly atMs: number
  readonly head: number
  /** Events added in a second. */
  readonly added: number
}

export interface Samples {
  readonly log: readonly LogSample[]
  readonly views: ReadonlyMap<string, readonly ViewSample[]>
}

export const SAMPLE_EVERY_MS = 1_000
export const SAMPLES_KEPT = 300

let samples: Samples = { log: [], views: new Map() }
const answersBefore = new Map<string, number>()
const listeners = new Set<() => void>()
let sampled: Database | undefined

function sample(db: Pick<Database, 'status' | 'watched'>): void {
  const { log, views } = db.status.get()
  const atMs = performance.now()
  const before = samples.log.at(-1)
  const seconds = before === undefined ? 1 : (atMs - before.atMs) / 1000
  const read = new Map(db.watched().map((watched) => [watched.view, watched]))
  const rate = (now: number, then: number): number => Math.max(0, (now - then) / seconds)
  const ofViews = views.map(({ name, lag, ratePerSecond }) => {
    const { answers = 0, queries = 0 } = read.get(name) ?? {}
    const answered = rate(answers, answersBefore.get(name) ?? answers)
    answersBefore.set(name, answers)
    return [
      name,
      kept(samples.views.get(name), { atMs, lag, folded: ratePerSecond, answered, queries }),
    ] as const
  })
  const added = rate(log.head, before?.head ?? log.head)
  samples = { log: kept(samples.log, { atMs, head: log.head, added }), views: new Map(ofViews) }
  for (const listener of listeners) listener()
}

const kept = <Sample>(all: readonly Sample[] | undefined, next: Sample): readonly Sample[] =>
  [...(all ?? []), next].slice(-SAMPLES_KEPT)

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The samples; sampling goes on for as long as the page lives, so that a second look finds the first one's. */
export function useSamples<Part>(select: (samples: Samples) => Part): Part {
  const db = useTracker()
  useEffect(() => {
    if (sampled === db) return
    sampled = db
    sample(db)
    setInterval(() => sample(db), SAMPLE_EVERY_MS)
  }, [db])
  return useSyncExternalStore(subscribe, () => select(samples))
}

export const useLastLogSample = (): LogSample | undefined => useSamples(({ log }) => log.at(-1))

export const useLastViewSample = (view: string): ViewSample | undefined =>
  useSamples(({ views }) => views.get(view)?.at(-1))
