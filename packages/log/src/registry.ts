/**
 * The event types that this build knows, by name, and how a stored event becomes one of them: `lift` takes it through the
 * upcasters to the current version. What this build cannot take is marked with a fault instead of thrown, so that only
 * the views that fold the type are parked.
 */
import { HeadwaterError } from './error.ts'
import type { EventType } from './event.ts'
import { freezeJson, normaliseJson, pathToText } from './json.ts'

/** A stored event's data, lifted as far as this build can. Frozen, deeply. */
export interface Lifted {
  /** The version that `data` has. */
  readonly version: number
  readonly data: unknown
  readonly fault?: HeadwaterError
}

/** The event types of a build. */
export interface EventRegistry {
  readonly events: readonly EventType[]
  get(type: string): EventType | undefined
  /**
   * Lifts freshly parsed data of a known type to the current version and freezes it. `fault` is `EVENT_NEWER` when the
   * version is newer, `UPCAST_FAILED` when an upcaster throws or returns what JSON cannot carry.
   */
  lift(event: EventType, version: number, data: unknown): Lifted
}

/** Which event types a build knows in which versions, as text: what it passes over depends on nothing else. */
export function buildOf({ events }: EventRegistry): string {
  const names = events.map(({ type, version }) => `${JSON.stringify(type)}@${version}`)
  return names.sort().join()
}

/** Collects event types. Errors: `DEFINITION_INVALID` for two of one name. */
export function createEventRegistry(events: readonly EventType[]): EventRegistry {
  const byType = new Map<string, EventType>()
  for (const event of events) {
    if (byType.has(event.type) && byType.get(event.type) !== event) throw twice(event.type)
    byType.set(event.type, event)
  }
  return { events: [...byType.values()], get: (type) => byType.get(type), lift }
}

function lift(event: EventType, version: number, data: unknown): Lifted {
  const frozen = event.raw ? data : freezeJson(data) // bytes cannot be frozen; whoever is given them leaves them alone
  if (version === event.version) return { version, data: frozen }
  if (version > event.version) return { version, data: frozen, fault: newer(event, version) }
  if (event.raw) return { version, data, fault: failed(event, version, 'is missing') }
  return upcast(event, version, data)
}

function upcast(event: EventType, from: number, data: unknown): Lifted {
  let lifted = data
  let version = from
  try {
    for (; version < event.version; version++)
      lifted = event.upcast[version]!(lifted as Record<string, unknown>)
  } catch (cause) {
    return { version: from, data: freezeJson(data), fault: failed(event, version, 'threw', cause) }
  }
  const normal = normaliseJson(lifted)
  if ('value' in normal) return { version, data: normal.value }
  const why = `returned ${normal.found} at ${pathToText(normal.path)}`
  return { version: from, data: freezeJson(data), fault: failed(event, version - 1, why) }
}

function twice(type: string): HeadwaterError {
  return new HeadwaterError('DEFINITION_INVALID', `Two event types are named "${type}".`, {
    hint: 'Give each type a name of its own; a new shape of the same event is a new version of it.',
    facts: { type },
  })
}

function newer(event: EventType, version: number): HeadwaterError {
  const { type } = event
  const message = `A stored "${type}" has version ${version}; this build knows version ${event.version}.`
  return new HeadwaterError('EVENT_NEWER', message, {
    hint: 'A newer build of the app wrote it: reload the app.',
    facts: { type, version, known: event.version },
  })
}

function failed(event: EventType, from: number, why: string, cause?: unknown): HeadwaterError {
  return new HeadwaterError('UPCAST_FAILED', `The upcaster of "${event.type}" from version ${from} ${why}.`, {
    hint: 'Correct the upcaster and rebuild the views that fold this event.',
    facts: { type: event.type, from },
    cause,
  })
}
