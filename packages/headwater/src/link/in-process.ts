/**
 * A link to an engine in this very process, for tests, servers and pages without workers. The engine comes by a dynamic
 * import, so that a page that uses a worker does not carry it.
 */
import { latePart } from '@headwater/log'
import type { Platform } from '../seams.ts'
import type { Connect } from './engine-link.ts'

const engine = latePart('the engine', () => import('../engine/in-process.ts'))

/** Connects in process. `platform` is for tests; the real one is loaded with the engine. */
export function connectInProcess(platform: Platform | undefined): Connect {
  return async (definition, args, events) => {
    const { openInProcess } = await engine()
    return openInProcess(definition, args, events, platform)
  }
}
