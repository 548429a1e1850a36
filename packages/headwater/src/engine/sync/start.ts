/**
 * Syncing in one tab, wired together: leadership decides which tab replicates; its status, pauses and presence go over a
 * channel of the tabs; the page hears what its tab knows. Loaded only by databases that sync.
 */
import { drawId, type LogId } from '@headwater/log'
import type { SyncMessage } from '../../seams.ts'
import { createSyncBoard } from './board.ts'
import { type EngineSync, type SyncOptions, syncOff } from './engine-sync.ts'
import { createGathered } from './gathered.ts'
import { readKnown } from './known.ts'
import { createLead } from './lead.ts'
import { standForLeadership } from './leadership.ts'
import { notePause } from './pauses.ts'
import { createPresenceOutbox } from './presence-outbox.ts'
import { waitUntilReached } from './reached.ts'
import { createTabPresence } from './tab-presence.ts'
import { createTokenDesk } from './tokens.ts'
import { refuseUnsent } from './unsent.ts'

/** To the tabs at most once a frame, since a message costs as much as storing a small commit; to the page 20 a second. */
const TO_TABS = { everyMs: 16, leastMs: 0 }
const TO_PAGE = { everyMs: 50, leastMs: 0 }

/** Starts syncing. */
export function startSync(options: SyncOptions): EngineSync {
  const { place, log, scope, locks, platform, report, onError } = options
  const { random, scheduler } = platform
  const board = createSyncBoard(log)
  let epoch = 0
  const channel = platform.openChannel(`${scope}:sync`, (message) => {
    if (message.type === 'fares') board.hear(message.epoch, message.status)
    else if (message.type === 'asks' && board.leads()) toTabs.soon()
    else if (message.type === 'paused') lead.repause(message.retries)
    else if (message.type === 'present') hearPresence(message)
  })
  const toTabs = createGathered(scheduler, TO_TABS, () =>
    channel.post({ type: 'fares', epoch, status: board.leader() }),
  )
  const toPage = createGathered(scheduler, TO_PAGE, () => report({ type: 'sync', status: board.status() }))
  const tokens = createTokenDesk((id) => report({ type: 'tokenWanted', id }))
  const outbox = createPresenceOutbox(scheduler, (bytes) => lead.present(bytes))
  const presence = createTabPresence({
    random,
    scheduler,
    report,
    say: (bytes) => {
      channel.post({ type: 'present', bytes, from: 'tab' })
      if (board.leads()) outbox.add(bytes)
    },
  })
  const hearPresence = ({ bytes, from }: Extract<SyncMessage, { type: 'present' }>): void => {
    presence.heard(bytes)
    // Peers are told by one tab, and never what came from peers: two that believe to lead must not echo it for ever.
    if (from === 'tab' && board.leads()) outbox.add(bytes)
  }
  const lead = createLead({
    ...options,
    token: tokens.ask,
    onStatus: (of, status) => {
      if (of !== epoch) return
      board.hear(of, status)
      toTabs.soon()
    },
    onLive: presence.ask,
    onPresence: (bytes) => {
      presence.heard(bytes)
      channel.post({ type: 'present', bytes, from: 'peer' })
    },
    onSuperseded: () => leadership.look(),
  })
  const offBoard = board.subscribe(toPage.soon)
  const leadership = standForLeadership({
    lock: `${scope}:sync`,
    name: drawId<LogId>(random),
    lease: log.lease,
    ...{ locks, scheduler, onError },
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
  const pauseAs = async (reason: string | undefined): Promise<void> => {
    await notePause(log, reason)
    lead.repause(reason === undefined)
    channel.post({ type: 'paused', retries: reason === undefined })
  }
  // Until a leader is heard, what was noted is known.
  readKnown(log).then((known) => board.hear(0, known), onError)
  channel.post({ type: 'asks' })
  presence.ask()
  return {
    pause: pauseAs,
    resume: () => pauseAs(undefined),
    reached: async (receipt, deadlineMs, signal) => {
      if (place.type !== 'hub') throw syncOff()
      return waitUntilReached(receipt, { log, board, scheduler, deadlineMs, signal })
    },
    present: async (text) => presence.present(text),
    giveToken: async (id, answer) => tokens.give(id, answer),
    mayDestroy: async () => {
      if (place.type === 'hub') await refuseUnsent(log, board.leader().acknowledged)
    },
    close: async () => {
      presence.close()
      for (const part of [outbox, toTabs, toPage]) part.close()
      offBoard()
      board.close()
      await leadership.close()
      await lead.end()
      channel.close()
    },
  }
}
