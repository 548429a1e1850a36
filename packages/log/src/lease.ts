/**
 * The lease: who leads, as one number in the log's own database, so that leadership is decided where the writing is. A
 * leader writes an epoch and beats; who saw no beat for a while takes the lease by raising the epoch, though a frozen
 * holder may still have its lock. Writes that only a leader makes name their epoch and are refused in their transaction
 * once another one is stored (`SUPERSEDED`). When to beat and when silence is too long is the caller's to decide.
 */
import { HeadwaterError } from './error.ts'

/** The lease as stored. */
export interface Lease {
  /** Raised by each who takes it; 0 when nobody ever did. */
  readonly epoch: number
  /** Raised by each beat of the holder; 0 when taken. */
  readonly beat: number
  /** Whatever the holder calls itself. */
  readonly holder: string
}

/** The lease of a log; each call is one transaction. */
export interface LeaseBook {
  read(): Promise<Lease>
  /**
   * Takes the lease as epoch `seenEpoch + 1`, beat 0. Undefined, and nothing changed, when the stored epoch is not
   * `seenEpoch` any more: another was faster. Holders have names of their own, so that a try whose answer was lost is told
   * from another's.
   */
  take(seenEpoch: number, holder: string): Promise<Lease | undefined>
  /** Says that the holder of `epoch` lives. Errors: `SUPERSEDED` when another epoch is stored. */
  beat(epoch: number): Promise<Lease>
}

/** Before anybody took it. */
export const NO_LEASE: Lease = { epoch: 0, beat: 0, holder: '' }

/** The lease after a try to take it; undefined when `stored` is not what was seen. */
export function takeLease(stored: Lease, seenEpoch: number, holder: string): Lease | undefined {
  const epoch = seenEpoch + 1
  if (stored.epoch === epoch && stored.holder === holder) return stored
  return stored.epoch === seenEpoch ? { epoch, beat: 0, holder } : undefined
}

/** Reads what is stored; what is no lease is none. */
export function parseLease(stored: unknown): Lease {
  if (typeof stored !== 'object' || stored === null) return NO_LEASE
  const { epoch, beat, holder } = stored as Record<string, unknown> // each member is checked here
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
  return isCount(epoch) && isCount(beat) && typeof holder === 'string' ? { epoch, beat, holder } : NO_LEASE
}

/** Why a write that names `epoch` is refused, when it is. */
export function supersededBy(stored: Lease, epoch: number | undefined): HeadwaterError | undefined {
  if (epoch === undefined || stored.epoch === epoch) return undefined
  return new HeadwaterError('SUPERSEDED', `Epoch ${epoch} led this log; epoch ${stored.epoch} does now.`, {
    hint: 'Another tab took over: stop what only the leader does. Nothing of this call was stored.',
    facts: { epoch, storedEpoch: stored.epoch },
  })
}
