/**
 * What the leading tab does: one replicator, under the epoch of its lease, from the moment at which it leads until it does not.
 * Beginning, pausing and ending come one after the other, however quickly leadership changes.
 */
import { readKnown } from './known.ts'
import type { LeadOptions } from './lead-options.ts'
import { type Replicating, startReplicating } from './replicating.ts'

/** The leading tab's work. */
export interface Lead {
  readonly begin: (epoch: number) => void
  /** Ends it; resolves when nothing of it runs any more. */
  readonly end: () => Promise<void>
  /** Looks again whether it is paused; `retries` also leaves a refusal. */
  readonly repause: (retries: boolean) => void
  /** Tells the peers who is here, where there is anybody. */
  readonly present: (bytes: Uint8Array) => void
}

const LOOK_AGAIN_MS = 1_000

/** Does not lead yet. */
export function createLead(options: LeadOptions): Lead {
  const { log, onError } = options
  let epoch = 0
  let running: Replicating | undefined
  let turns: Promise<void> = Promise.resolve()

  const queue = (turn: () => Promise<void>): Promise<void> => {
    turns = turns.then(turn).catch(onError)
    return turns
  }
  const end = async (): Promise<void> => {
    const ending = running
    running = undefined
    await ending?.close()
  }
  /**
   * Whether it is paused lies in the log; where that cannot be read, it is looked again, since nobody else would. While it is
   * paused from the beginning, there is no replicator: nothing is asked of anybody.
   */
  const look = async (retries: boolean): Promise<void> => {
    if (epoch === 0) return
    try {
      const known = await readKnown(log)
      if (running) running.pauseAs(known.reason, retries)
      else if (known.state === 'paused') options.onStatus(epoch, known)
      else running = startReplicating(options, epoch)
    } catch (error) {
      onError(error)
      options.platform.scheduler.after(LOOK_AGAIN_MS, () => repause(retries))
    }
  }
  const repause = (retries: boolean): void => void queue(() => look(retries))
  return {
    begin: (taken) =>
      void queue(async () => {
        await end()
        epoch = taken
        await look(false)
      }),
    end: () =>
      queue(async () => {
        epoch = 0
        await end()
      }),
    repause,
    present: (bytes) => running?.present(bytes),
  }
}
