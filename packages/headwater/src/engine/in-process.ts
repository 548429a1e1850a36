/**
 * What a page without a worker loads when it opens a database: the engine on its real platform, behind a link. An engine
 * that opens after its deadline is closed again, so that nothing is held by nobody.
 */
import type { DatabaseDefinition } from '../database.ts'
import { withDeadline } from '../link/deadline.ts'
import type { EngineLink, LinkEvents } from '../link/engine-link.ts'
import { createPlatform } from '../platform.ts'
import type { OpenArgs } from '../protocol.ts'
import type { Platform } from '../seams.ts'
import { createSwitchboard } from './switchboard.ts'

/** Opens an engine in this process. Errors: those of `openEngine`, `DEADLINE`. */
export async function openInProcess(
  definition: DatabaseDefinition,
  args: OpenArgs,
  events: LinkEvents,
  platform: Platform = createPlatform(),
): Promise<EngineLink> {
  let released = false
  const switchboard = createSwitchboard(definition, platform, (reports) => {
    if (!released) events.reports(reports)
  })
  const opening = switchboard.open(args)
  try {
    const opened = await withDeadline(platform.scheduler, opening, args.deadlineMs, 'open the database')
    const release = (): void => {
      released = true
    }
    const { append, call, cancel } = switchboard
    return { opened, append, call, cancel, release }
  } catch (error) {
    // One that fails to open holds nothing; one that opens late has nobody to hear how its closing went.
    opening.then(() => switchboard.call(0, 'close', undefined)).catch(() => undefined)
    throw error
  }
}
