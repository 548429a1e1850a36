/**
 * How views fare, as far as their live answers show it: an answer of a view that is paused, parked, rebuilt from an old base, or
 * derived from such a one, is marked stale, with the error if there is one (V6).
 */
import type { ErrorData } from '@headwater/log'
import type { ViewStatus, Views } from '@headwater/views'

/** How one view fares. */
export interface Fare {
  readonly stale: boolean
  readonly error: ErrorData | undefined
  /** Equal texts fare equally. */
  readonly text: string
}

/** How all fare, as of the last look. */
export interface Fares {
  readonly of: (view: string) => Fare
  /** Looks again; the views that fare differently now. */
  readonly refresh: () => ReadonlySet<string>
}

const FINE: Fare = { stale: false, error: undefined, text: 'fine' }

/** Looks at the views for the first time. */
export function createFares(views: Pick<Views, 'status'>): Fares {
  const look = (): ReadonlyMap<string, Fare> =>
    new Map(views.status().map((view) => [view.name, fareOf(view)]))
  let known = look()
  return {
    of: (view) => known.get(view) ?? FINE,
    refresh: () => {
      const before = known
      known = look()
      const changed = [...known].filter(([view, fare]) => fare.text !== before.get(view)?.text)
      return new Set(changed.map(([view]) => view))
    },
  }
}

function fareOf({ state, error }: ViewStatus): Fare {
  const isFine = state === 'live' || state === 'restoring'
  return isFine ? FINE : { stale: true, error, text: `${state} ${error?.message ?? ''}` }
}
