/**
 * Syncing in one tab, wired together: leadership decides which tab replicates; its status, pauses and presence go over a
 * channel of the tabs; the page hears what its tab knows. Loaded only by databases that sync.
 */
import { drawId, type LogId } from '@headwater/log'
import type { SyncMessage } from '../../seams.ts'
import { createSyncBoard, type SyncBoard } from './board.ts'
import { type EngineSync, type SyncOptions, syncOff } from './engine-sync.ts'
import { createGathered } from './gathered.ts'
import { readKnown } from './known.ts'
import { createLead, type Lead } from './lead.ts'
import { type Leadership, standForLeadership } from './leadership.ts'
import { notePause } from './pauses.ts'
import { createPresenceRelay, type PresenceRelay } from './presence-relay.ts'
import { waitUntilReached } from './reached.ts'
import { createTokenDesk, type TokenDesk } from './tokens.ts'
import { refuseUnsent } from './unsent.ts'

/** To the tabs at most once a frame, since a message costs as much as storing a small commit; to the page 20 a second. */
const TO_TABS = { everyMs: 16, leastMs: 0 }
const TO_PAGE = { everyMs: 50, leastMs: 0 }

/** Starts syncing. */
export function startSync(options: SyncOptions): EngineSync {
  const parts = startParts(options)
  const { board, lead, leadership, presence, tokens, toTabs } = parts
  const { place, log, platform } = options
  const { scheduler } = platform
  const pauseAs = async (reason: string | undefined): Promise<void> => {
    const retries = reason === undefined
    await notePause(log, reason)
    lead.repause(retries)
    toTabs({ type: 'paused', retries })
  }
  return {
    pause: pauseAs,
    resume: () => pauseAs(undefined),
    reached: async (receipt, deadlineMs, signal) => {
      if (place.type !== 'hub') throw syncOff()
      try {
        await waitUntilReached(receipt, { log, board, scheduler, deadlineMs, signal })
      } finally {
        parts.show() // so that who asks next sees what follows from it, or why it is refused
      }
    },
    present: async (text) => presence.present(text),
    giveToken: async (id, answer) => tokens.give(id, answer),
    mayDestroy: async (signal) => {
      if (place.type === 'hub') await refuseUnsent({ log, board, scheduler, signal })
    },
    close: async () => {
      presence.close()
      board.close()
      await leadership.close()
      await lead.end()
      parts.close()
    },
  }
}

interface Parts {
  readonly board: SyncBoard
  readonly tokens: TokenDesk
  readonly presence: PresenceRelay
  readonly lead: Lead
  readonly leadership: Leadership
  readonly toTabs: (message: SyncMessage) => void
  /** Tells the page at once. */
  readonly show: () => void
  /** Stops telling anybody. */
  readonly close: () => void
}

function startParts(options: SyncOptions): Parts {
  const { log, scope, platform, report, onError } = options
  const { scheduler } = platform
  const board = createSyncBoard(log)
  const tokens = createTokenDesk((id) => report({ type: 'tokenWanted', id }))
  let epoch = 0
  const channel = platform.openChannel(`${scope}:sync`, (message) => {
    if (message.type === 'fares') board.hear(message.epoch, message.status)
    else if (message.type === 'asks' && board.leads()) telling.soon()
    else if (message.type === 'paused') lead.repause(message.retries)
    else if (message.type === 'present') presence.hearTab(message)
  })
  const toTabs = channel.post
  const telling = createGathered(scheduler, TO_TABS, () =>
    toTabs({ type: 'fares', epoch, status: board.leader() }),
  )
  const show = (): void => report({ type: 'sync', status: board.status() })
  const showing = createGathered(scheduler, TO_PAGE, show)
  const presence = createPresenceRelay({
    platform,
    report,
    leads: board.leads,
    toTabs,
    toPeers: (bytes) => lead.present(bytes),
  })
  const lead = createLead({
    ...options,
    token: tokens.ask,
    onStatus: (of, status) => {
      board.hear(of, status)
      telling.soon()
    },
    onLive: presence.ask,
    onPresence: presence.hearPeer,
    onSuperseded: () => leadership.look(),
  })
  const leadership = standForSync(options, {
    onLead: (taken) => {
      epoch = taken
      board.setLeads(true)
      lead.begin(taken)
    },
    onLost: () => {
      board.setLeads(false)
      void lead.end()
    },
  })
  board.subscribe(showing.soon)
  // Until a leader is heard, what was noted is known.
  readKnown(log).then((known) => board.hear(0, known), onError)
  toTabs({ type: 'asks' })
  presence.ask()
  const close = (): void => {
    for (const part of [telling, showing, channel]) part.close()
  }
  return { board, tokens, presence, lead, leadership, toTabs, show, close }
}

function standForSync(
  { log, scope, locks, platform, onError }: SyncOptions,
  events: { readonly onLead: (epoch: number) => void; readonly onLost: () => void },
): Leadership {
  const { random, scheduler } = platform
  const name = drawId<LogId>(random)
  const seams = { lease: log.lease, locks, scheduler, onError }
  return standForLeadership({ lock: `${scope}:sync`, name, ...seams, ...events })
}
