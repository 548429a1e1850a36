/**
 * `hub` and `nearby`: what an app writes behind `sync:`. Whoever uses neither does not load the code of syncing.
 */
import { HeadwaterError } from '@headwater/log'
import { createSyncPart } from './client/sync/sync-part.ts'
import type { SyncSpec } from './sync-spec.ts'

/** How to reach a hub. */
export interface HubOptions {
  /** `wss://…`; relative ones and `https://…` are resolved against the page. Never with a token in it. */
  readonly url: string
  /** The workspace (default: the name of the database's definition). A log belongs to that of its first connection. */
  readonly workspace?: string
  /**
   * Called on the page afresh for each connection, and given up after 20 s: whoever must be asked to sign in is asked elsewhere.
   * What it throws is an attempt that failed; it is tried again, but for a `HeadwaterError` with the code `UNAUTHORIZED`.
   */
  readonly token?: () => string | Promise<string>
}

/** Syncs with a hub over a WebSocket. Errors: `DEFINITION_INVALID` for a URL that is none. */
export function hub({ url, workspace, token }: HubOptions): SyncSpec {
  const place = { type: 'hub', url: socketUrl(url), workspace, hasToken: token !== undefined } as const
  return { place, attach: (ask) => createSyncPart(ask, token) }
}

/**
 * Syncs with databases of *other names* in pages of this origin, through a BroadcastChannel, without any network. Tabs of one
 * database need none of it: they share their log.
 */
export function nearby({ channel }: { readonly channel: string }): SyncSpec {
  return { place: { type: 'nearby', channel }, attach: (ask) => createSyncPart(ask, undefined) }
}

function socketUrl(url: string): string {
  const base = typeof document === 'undefined' ? undefined : document.baseURI
  if (!URL.canParse(url, base)) throw invalid(url)
  const absolute = new URL(url, base)
  absolute.protocol = absolute.protocol.replace('http', 'ws')
  absolute.hash = '' // at which browsers throw
  if (!absolute.protocol.startsWith('ws')) throw invalid(url)
  return absolute.href
}

function invalid(url: string): HeadwaterError {
  return new HeadwaterError('DEFINITION_INVALID', `"${url}" is no address of a hub.`, {
    hint: 'Use wss://… (or a path on the host that serves this page).',
  })
}
