/**
 * The ways of presence: each tab tells all tabs of its database; the leading one tells the peers as well, for all of them, and
 * tells the tabs what peers say.
 */
import type { SyncMessage } from '../../seams.ts'
import type { SyncOptions } from './engine-sync.ts'
import { createPresenceOutbox } from './presence-outbox.ts'
import { createTabPresence, type TabPresence } from './tab-presence.ts'

/** Presence between tab, tabs and peers. */
export interface PresenceRelay extends Pick<TabPresence, 'present' | 'ask' | 'close'> {
  readonly hearTab: (message: Extract<SyncMessage, { type: 'present' }>) => void
  readonly hearPeer: (bytes: Uint8Array) => void
}

/** What it is given. */
export interface PresenceRelayOptions extends Pick<SyncOptions, 'platform' | 'report'> {
  readonly leads: () => boolean
  readonly toTabs: (message: SyncMessage) => void
  readonly toPeers: (bytes: Uint8Array) => void
}

/** Connects one tab. */
export function createPresenceRelay(options: PresenceRelayOptions): PresenceRelay {
  const { platform, report, leads, toTabs, toPeers } = options
  const { random, scheduler } = platform
  const outbox = createPresenceOutbox(scheduler, toPeers)
  const say = (bytes: Uint8Array): void => {
    toTabs({ type: 'present', bytes, from: 'tab' })
    if (leads()) outbox.add(bytes)
  }
  const own = createTabPresence({ random, scheduler, say, report })
  return {
    present: own.present,
    ask: own.ask,
    hearTab: ({ bytes, from }) => {
      own.heard(bytes)
      // What came from peers is not sent back: two tabs that both believe to lead must not echo it for ever.
      if (from === 'tab' && leads()) outbox.add(bytes)
    },
    hearPeer: (bytes) => {
      own.heard(bytes)
      toTabs({ type: 'present', bytes, from: 'peer' })
    },
    close: () => {
      own.close()
      outbox.close()
    },
  }
}
