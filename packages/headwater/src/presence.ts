/**
 * Who is here: each tab may show a small state (a name, a cursor) to all tabs of its database, and through replication to
 * those of other devices. Nothing of it is stored, the hub does not read it, and who falls silent is gone within 30 s.
 */
import type { Json } from '@headwater/log'

/** A tab that is here, this one left out. */
export interface PresenceEntry {
  /** Names the tab for as long as it is open. */
  readonly tab: string
  readonly state: Json
}

/** Presence in an open database. */
export interface Presence {
  /** The other tabs that show a state, longest known first; the same list until something changed. At most 1,000. */
  readonly get: () => readonly PresenceEntry[]
  readonly subscribe: (listener: (others: readonly PresenceEntry[]) => void) => () => void
  /**
   * Shows a state, or with `undefined` none any more. At most 10 changes a second travel; of those between, the last does.
   * Errors: `PRESENCE_INVALID` when it is no JSON or over `MAX_PRESENCE_BYTES`.
   */
  readonly set: (state: Json | undefined) => void
}

/** Bytes of a state as JSON, at most: 4 KiB with the tab's name and kind in front. */
export const MAX_PRESENCE_BYTES = 4_083
