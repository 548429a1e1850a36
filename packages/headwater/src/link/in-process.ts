/**
 * A link to an engine in this very process, for tests, servers and pages without workers. The engine comes by a dynamic
 * import, so that a page that uses a worker does not carry it.
 */
import type { Platform } from '../seams.ts'
import type { Connect } from './engine-link.ts'

/** Connects in process. `platform` is for tests; the real one is loaded with the engine. */
export function connectInProcess(platform: Platform | undefined): Connect {
  return async (definition, args, events) => {
    const { openInProcess } = await import('../engine/in-process.ts')
    return openInProcess(definition, args, events, platform)
  }
}
