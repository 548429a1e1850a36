/**
 * `Query` objects and the typed faces of views that make them. A face knows its kind's methods and where their options
 * stand; what the arguments mean is left to the view.
 */
import { type Json, unreachable } from '@headwater/log'
import type { AnyView, ViewRequest } from '@headwater/views'
import { canonicalText, toArguments } from '../canonical.ts'
import type { Freshness, Query, QueryState } from '../query.ts'

/** How fresh an answer must be, as far as anything was said. */
export type AskHow = { readonly [Name in keyof Freshness]: Freshness[Name] | undefined }

/** What queries ask. */
export interface QuerySource {
  /** Told apart from equal queries of other sources by this. */
  readonly scope?: string
  readonly ask: (request: ViewRequest, how: AskHow) => Promise<unknown>
  readonly subscribe: (key: string, request: ViewRequest, listener: () => void) => () => void
  readonly state: (key: string) => QueryState<unknown>
}

/** The methods of a view, each making a query. */
export type ViewFace = Readonly<Record<string, (...args: readonly unknown[]) => PromiseLike<unknown>>>

/** Each method with the place of its options among its arguments. */
function methodsOf(view: AnyView): Readonly<Record<string, number>> {
  switch (view.kind) {
    case 'table':
      return { get: 1, range: 1, page: 1, count: 1, history: 1 }
    case 'aggregate':
      return { get: 1, range: 0, rows: 1 }
    case 'search':
      return { search: 1, suggest: 1 }
    case 'documents':
      return { text: 1, keys: 0, figures: 1 }
    default:
      return unreachable(view)
  }
}

/** The face of a view. */
export function createFace(view: AnyView, source: QuerySource): ViewFace {
  const methods = Object.entries(methodsOf(view)).map(([method, optionsAt]) => {
    const make = (...args: readonly unknown[]): Query<unknown> => {
      const { atLeast, deadlineMs, signal, ...options } = optionsOf(args[optionsAt])
      const own = [...args.slice(0, optionsAt), ...(Object.keys(options).length > 0 ? [options] : [])]
      const request = { view: view.name, method, args: toArguments(view.name, method, own) }
      return createQuery(request, { atLeast, deadlineMs, signal }, source)
    }
    return [method, make] as const
  })
  return Object.fromEntries(methods)
}

function optionsOf(value: unknown): Freshness & Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** One question. `then` asks it each time; what is shown to subscribers does not depend on `how`. */
function createQuery(request: ViewRequest, how: AskHow, source: QuerySource): Query<unknown> {
  const identity: readonly Json[] = [request.view, request.method, request.args]
  const key = (source.scope ?? '') + canonicalText(identity)
  const query: Query<unknown> = {
    key,
    subscribe: (listener) => source.subscribe(key, request, listener),
    state: () => source.state(key),
    // biome-ignore lint/suspicious/noThenProperty: being awaitable is what a query is for
    then: (onAnswer, onError) => source.ask(request, how).then(onAnswer, onError), // oxlint-disable-line unicorn/no-thenable -- as above
  }
  return Object.freeze(query)
}
