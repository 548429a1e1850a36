/**
 * What the tab that replicates says of it to the others, and what each tab shows of that: pure.
 */
import type { ErrorData } from '@headwater/log'
import type { ReplicatorStatus } from '@headwater/replication'
import type { RefusedCommit, SyncState, SyncStatus } from '../../sync.ts'

/** How replication fares where it runs. Plain data. */
export interface LeaderStatus {
  readonly state: SyncState
  readonly reason: string | undefined
  readonly error: ErrorData | undefined
  readonly sent: number
  readonly received: number
  /** The offset up to which the other side has everything. */
  readonly acknowledged: number
  readonly refused: readonly RefusedCommit[]
  readonly retryInMs: number | undefined
}

/** Before anybody was heard. */
export const NO_LEADER: LeaderStatus = {
  state: 'offline',
  reason: undefined,
  error: undefined,
  sent: 0,
  received: 0,
  acknowledged: 0,
  refused: [],
  retryInMs: undefined,
}

/** What a tab shows, whose log reaches to `head`. */
export function toSyncStatus(
  { acknowledged, ...shown }: LeaderStatus,
  head: number,
  leads: boolean,
): SyncStatus {
  return { ...shown, pending: Math.max(0, head - acknowledged), leads }
}

/** What a replicator says. */
export function toLeaderStatus(status: ReplicatorStatus): LeaderStatus {
  const { state, reasons, lastError, sent, received, acknowledged, refused, retryInMs } = status
  return {
    state: state === 'catching-up' ? 'catching up' : state,
    reason: reasons[0],
    error: lastError,
    sent,
    received,
    acknowledged,
    refused: refused.filter(({ code }) => !PASSING.has(code)).map(toRefused),
    retryInMs,
  }
}

/** Refusals that the author answers by writing anew, or that follow from another. */
const PASSING: ReadonlySet<string> = new Set(['FORK', 'STAMP_AHEAD', 'SEQUENCE_GAP'])

function toRefused(refusal: ReplicatorStatus['refused'][number]): RefusedCommit {
  const { replica, firstSequence, lastSequence, code, facts } = refusal
  const message = `The other side does not take commit ${firstSequence}–${lastSequence} of replica ${replica}: ${code}.`
  const hint =
    'It stays on this device; with the right to append (to relay, where another wrote it), resume() sends it again.'
  return { replica, firstSequence, lastSequence, error: { code, message, hint, facts } }
}
