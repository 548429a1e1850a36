/**
 * What databases of one origin say to each other on a broadcast channel: who is there, and pairwise connections over it. All
 * hear everything, so each message but the first names whom it is for. Read by parsing: other pages may be of another build.
 */
import { isId } from '@headwater/log'

/** A message on the channel. Addresses are log ids, 16 characters; so are the ids of connections. */
export type NearbyMessage =
  /** I am here; who hears it for the first time, or is asked, says so, too. */
  | { readonly kind: 'here'; readonly from: string; readonly asks: boolean }
  | {
      readonly kind: 'open' | 'opened' | 'close'
      readonly from: string
      readonly to: string
      readonly connection: string
    }
  | {
      readonly kind: 'frame'
      readonly from: string
      readonly to: string
      readonly connection: string
      readonly frame: Uint8Array
    }

const ADDRESSED: readonly unknown[] = ['open', 'opened', 'close']

/** The message, or undefined for what is none. */
export function parseNearby(value: unknown): NearbyMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { kind, from, to, connection, frame, asks } = value as Readonly<Record<string, unknown>> // each member is checked
  if (!isId(from)) return undefined
  if (kind === 'here') return { kind, from, asks: asks === true }
  if (!isId(to) || !isId(connection)) return undefined
  if (kind === 'frame') return frame instanceof Uint8Array ? { kind, from, to, connection, frame } : undefined
  return ADDRESSED.includes(kind)
    ? { kind: kind as 'open' | 'opened' | 'close', from, to, connection }
    : undefined
}
