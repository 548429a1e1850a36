/** Placing an accepted commit: its position, its part in the rolling hash, and the hub's envelope around it. */
import type { Position } from '@headwater/replication'
import { encodeEnvelope } from './envelope.ts'
import type { Offer } from './offer.ts'
import { rollOn } from './rolling-hash.ts'
import { makeStamp } from './stamp.ts'
import type { Placed } from './store.ts'

/** The end of a workspace. */
export interface WorkspaceHead {
  readonly position: Position
  readonly rolling: Uint8Array
}

/** Puts an accepted commit behind the head. */
export function placeOffer(
  offer: Offer,
  to: {
    readonly workspace: string
    readonly head: WorkspaceHead
    readonly subject: string
    readonly isVoiding: boolean
  },
  { stampKey, nowMs }: { readonly stampKey: Uint8Array; readonly nowMs: number },
): Placed {
  const { workspace, head, subject, isVoiding } = to
  const position = (head.position + 1) as Position // the next without a gap
  const { replica, lastSequence: sequence, hash } = offer
  const stamp = makeStamp(stampKey, { workspace, replica, sequence, hash, subject })
  return {
    position,
    rolling: rollOn(head.rolling, hash),
    isVoiding,
    envelope: encodeEnvelope({ position, receivedMs: nowMs, subject, verdict: 'accepted', stamp }),
  }
}
