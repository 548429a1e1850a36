/**
 * The hand-shake: worker and page are of one build when they speak one protocol and name the same views and events in the
 * same versions. A worker file that was cached from an older build is refused at once, by name, instead of answering
 * differently from what the page expects.
 */
import { HeadwaterError } from '@headwater/log'
import type { DatabaseDefinition } from '../database.ts'
import type { Hello } from '../protocol.ts'

/** Raised whenever page and worker of two builds could misunderstand each other. */
const PROTOCOL_VERSION = 2

/** Protocol, views and events with their versions, spelled to be compared. */
export function describe({ name, views, events }: DatabaseDefinition): string {
  const kinds = Object.values(views).map((view) => `${view.kind} ${view.name} ${view.version}`)
  const types = events.map(({ type, version }) => `event ${type} ${version}`)
  return [`protocol ${PROTOCOL_VERSION}`, name, ...kinds, ...types].join(', ')
}

/** Refuses a worker that serves something else: `WORKER_UNAVAILABLE`. */
export function checkHello({ serves }: Hello, definition: DatabaseDefinition): void {
  const expected = describe(definition)
  if (serves === expected) return
  throw new HeadwaterError(
    'WORKER_UNAVAILABLE',
    `The worker serves [${serves}], the page opens [${expected}].`,
    {
      hint: 'Serve the same definition; reload the page to drop a cached worker.',
    },
  )
}
