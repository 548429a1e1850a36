/**
 * Where the page is, kept in the address (`#/issues/x7?status=open`), so that a reload and the back button do what
 * people expect. A change is an ordinary link or `navigate`; components follow with `useRoute`.
 */
import { useSyncExternalStore } from 'react'

const PAGES = ['issues', 'board', 'numbers', 'room', 'experiments'] as const

export type PageName = (typeof PAGES)[number]
export type StatusFilter = 'all' | 'open' | 'closed'
export type Columns = 'status' | 'assignee'

export interface Route {
  readonly page: PageName
  /** On `issues`: the issue that is open beside the list, or `new`. */
  readonly issue: string | undefined
  /** On `room` and `experiments`: the place within the page, in parts; empty for its front. */
  readonly within: readonly string[]
  readonly status: StatusFilter
  /** A person's name, the empty string for nobody, nothing for anybody. */
  readonly assignee: string | undefined
  readonly label: string | undefined
  /** On `board`: what its columns are. */
  readonly columns: Columns
}

/** The address of a place, as a link has it. */
export function hrefOf({
  page,
  issue,
  within = [],
  status,
  assignee,
  label,
  columns,
}: Partial<Route>): string {
  const filter = new URLSearchParams()
  if (status !== undefined && status !== 'all') filter.set('status', status)
  if (assignee !== undefined) filter.set('assignee', assignee)
  if (label !== undefined) filter.set('label', label)
  if (columns !== undefined && columns !== 'status') filter.set('columns', columns)
  const parts = issue === undefined ? [page ?? 'issues', ...within] : ['issues', issue]
  const place = `#/${parts.map(encodeURIComponent).join('/')}`
  return filter.size > 0 ? `${place}?${filter}` : place
}

/** What an address means; anything unknown is the list of issues. */
export function parseRoute(hash: string): Route {
  const [place = '', filter = ''] = hash.replace(/^#\/?/, '').split('?')
  const [first, ...rest] = place.split('/')
  const page = PAGES.find((name) => name === first) ?? 'issues'
  const within = rest.map(decode).filter((part): part is string => part !== undefined && part !== '')
  const params = new URLSearchParams(filter)
  const status = params.get('status')
  return {
    page,
    issue: page === 'issues' ? within[0] : undefined,
    within: page === 'issues' ? [] : within,
    status: status === 'open' || status === 'closed' ? status : 'all',
    assignee: params.get('assignee') ?? undefined,
    label: params.get('label') ?? undefined,
    columns: params.get('columns') === 'assignee' ? 'assignee' : 'status',
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
