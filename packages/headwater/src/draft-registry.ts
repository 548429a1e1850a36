/**
 * Event types for packing drafts where nothing is ever read: the page, and the lines of an export. `createEventRegistry`
 * also lifts stored events through upcasters, which is code that a page need not carry.
 */
import { assert, type EventRegistry, type EventType } from '@headwater/log'

/** A registry that packs and cannot lift. Of two types of one name the last counts. */
export function createDraftRegistry(events: readonly EventType[]): EventRegistry {
  const byType = new Map(events.map((event) => [event.type, event]))
  return {
    events,
    get: (type) => byType.get(type),
    lift: (event) => {
      assert(false, `nothing is lifted here, least of all ${event.type}`)
    },
  }
}
