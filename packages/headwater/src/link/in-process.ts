/**
 * A link to an engine in this very process, for tests, servers and pages without workers. The engine comes by a dynamic
 * import, so that a page that uses a worker does not carry it.
 */
import type { Platform, Timers } from '../seams.ts'
import { withDeadline } from './deadline.ts'
import type { Connect, EngineLink } from './engine-link.ts'

/** Connects in process. `platform` is for tests; the real one is loaded with the engine. */
export function connectInProcess(scheduler: Timers, platform?: Platform): Connect {
  return async (definition, args, events) => {
    const { createPlatform, createSwitchboard } = await import('../engine/in-process.ts')
    const switchboard = createSwitchboard(definition, platform ?? createPlatform(), (reports) => {
      if (!released) events.reports(reports)
    })
    let released = false
    const opened = await withDeadline(scheduler, switchboard.open(args), args.deadlineMs, 'open the database')
    const link: EngineLink = {
      opened,
      call: switchboard.call,
      cancel: switchboard.cancel,
      release: () => {
        released = true
      },
    }
    return link
  }
}
