/**
 * Where the page is, kept in the address (`#/issues/x7?status=open`), so that a reload and the back button do what
 * people expect. A change is an ordinary link or `navigate`; components follow with `useRoute`.
 */
import { useSyncExternalStore } from 'react'

export type PageName = 'issues' | 'numbers' | 'engine'
export type StatusFilter = 'all' | 'open' | 'closed'

export interface Route {
  readonly page: PageName
  /** On `issues`: the issue that is open beside the list, or `new`. */
  readonly issue: string | undefined
  readonly status: StatusFilter
  /** A person's name, the empty string for nobody, nothing for anybody. */
  readonly assignee: string | undefined
}

/** The address of a place, as a link has it. */
export function hrefOf({ page, issue, status, assignee }: Partial<Route>): string {
  const filter = new URLSearchParams()
  if (status !== undefined && status !== 'all') filter.set('status', status)
  if (assignee !== undefined) filter.set('assignee', assignee)
  const place = issue === undefined ? `#/${page ?? 'issues'}` : `#/issues/${encodeURIComponent(issue)}`
  return filter.size > 0 ? `${place}?${filter}` : place
}

/** What an address means; anything unknown is the list of issues. */
export function parseRoute(hash: string): Route {
  const [place = '', filter = ''] = hash.replace(/^#\/?/, '').split('?')
  const [page, issue] = place.split('/')
  const params = new URLSearchParams(filter)
  const status = params.get('status')
  return {
    page: page === 'numbers' || page === 'engine' ? page : 'issues',
    issue: page === 'issues' && issue ? decode(issue) : undefined,
    status: status === 'open' || status === 'closed' ? status : 'all',
    assignee: params.get('assignee') ?? undefined,
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    // An address that somebody typed and that spells nothing.
    return undefined
  }
}

export function navigate(to: Partial<Route>): void {
  location.hash = hrefOf(to)
}

let current: { readonly hash: string; readonly route: Route } | undefined

function getRoute(): Route {
  const { hash } = location
  if (current?.hash !== hash) current = { hash, route: parseRoute(hash) }
  return current.route
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, getRoute)
