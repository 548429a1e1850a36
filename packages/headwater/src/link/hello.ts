/**
 * The hand-shake: worker and page are of one build when they name the same views in the same versions. A worker file that
 * was cached from an older build is refused at once, by name, instead of answering differently from what the page expects.
 */
import { HeadwaterError } from '@headwater/log'
import type { DatabaseDefinition } from '../database.ts'
import type { Hello } from '../protocol.ts'

/** Views and events with their versions, spelled to be compared. */
export function describeViews(definition: DatabaseDefinition): string {
  const views = Object.values(definition.views).map(({ kind, name, version }) => `${kind} ${name} ${version}`)
  const events = definition.events.map(({ type, version }) => `event ${type} ${version}`)
  return [...views, ...events].join(', ')
}

/** The refusal of a worker that serves something else, if it does. */
export function checkHello(hello: Hello, definition: DatabaseDefinition): HeadwaterError | undefined {
  const expected = describeViews(definition)
  if (hello.protocol !== 1) return differs(`its protocol is ${String(hello.protocol)}, not 1`)
  if (hello.definition !== definition.name) {
    return differs(`it serves "${hello.definition}", not "${definition.name}"`)
  }
  return hello.views === expected ? undefined : differs(`it serves [${hello.views}], not [${expected}]`)
}

function differs(why: string): HeadwaterError {
  return new HeadwaterError('WORKER_UNAVAILABLE', `The worker is not of the page's build: ${why}.`, {
    hint: 'Serve the definition that the page opens; reload the page to drop a cached worker.',
  })
}
