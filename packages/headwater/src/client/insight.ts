/**
 * The page's side of `insight.ts`: calls to the engine, and what only a page may ask of the browser. Views are asked for by
 * their property and told by it; the engine knows them by their name.
 */
import type { ProgressOptions } from '@headwater/views'
import type { DatabaseDefinition, ViewNameOf } from '../database.ts'
import type { Insight } from '../insight.ts'
import { browserStorage } from '../platform.ts'
import type { CallOptions, CallsUnderWay } from './calls.ts'
import type { LiveStates } from './live.ts'

/** What it needs of the client. */
export interface InsightParts {
  readonly ask: CallsUnderWay['ask']
  readonly viewName: (property: string) => string
  readonly longCall: (work: ProgressOptions) => CallOptions
  readonly live: Pick<LiveStates, 'watched'>
}

/** Looks inside a database. */
export function createInsight<Definition extends DatabaseDefinition>(
  { views }: Definition,
  { ask, viewName, longCall, live }: InsightParts,
): Insight<ViewNameOf<Definition>> {
  const call = longCall({})
  const propertyOf = (name: string): string | undefined =>
    Object.keys(views).find((property) => viewName(property) === name)
  return {
    pause: (view) => ask('pause', { view: viewName(view) }, call),
    resume: (view) => ask('resume', { view: viewName(view) }, call),
    dropSnapshot: (view, work = {}) => ask('dropSnapshot', { view: viewName(view) }, longCall(work)),
    digest: (view, work = {}) => ask('digest', { view: viewName(view) }, longCall(work)),
    readLog: ({ signal, ...wanted } = {}) => ask('readLog', wanted, { ...call, signal }),
    touched: async (offset) =>
      (await ask('touched', { offset }, call)).flatMap(({ view, key }) => {
        const property = propertyOf(view)
        return property === undefined ? [] : [{ view: property, key }]
      }),
    vector: () => ask('vector', undefined, call),
    watched: live.watched,
    storage: async () => {
      const [stored, estimate, persisted] = await Promise.all([
        ask('storage', undefined, call),
        browserStorage()?.estimate(),
        browserStorage()?.persisted(),
      ])
      return { ...stored, usage: estimate?.usage, quota: estimate?.quota, persisted }
    },
    persist: async () => (await browserStorage()?.persist()) ?? false,
  }
}
