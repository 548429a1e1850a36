// Replication of one device: in each of its tabs somebody who leads when nobody else does. Who leads says so in the log's
// lease, beat by beat; after three seconds of silence another tab raises the epoch and leads instead, whether the old leader
// is dead or only frozen. Each has its own handle on the log; pages hear of what comes by the tabs' channel.

import {
  createEventRegistry,
  isHeadwaterError,
  type Log,
  type Offset,
  openIndexedDbLog,
} from '@headwater/log'
import { createReplicator, type Replicator } from '@headwater/replication'
import { type Build, eventsOf } from './app/model.ts'
import type { TabPlace } from './device.ts'
import { type Hub, WORKSPACE } from './hub.ts'

/** Who hears what becomes of it. */
export interface Reports {
  readonly tell: (what: string) => void
  /** What failed without a name. */
  readonly fail: (error: unknown) => void
}

const LOOK_MS = 1_000
const SILENCE_MS = 3_000

/** Stands for leadership in a tab, until the tab is gone. Never rejects. */
export function standForLeader(place: TabPlace, build: Build, hub: Hub, { tell, fail }: Reports): void {
  place.actor.post(0, () => {
    openLog(place, build)
      .then((log) => lead(place, log, hub, { tell, fail }))
      .catch((error: unknown) => {
        if (isHeadwaterError(error))
          place.actor.post(LOOK_MS, () => standForLeader(place, build, hub, { tell, fail }))
        else fail(error)
      })
  })
}

function openLog({ platform }: TabPlace, build: Build): Promise<Log> {
  const { clock, random, scheduler, strictHonoured, indexedDb } = platform
  const events = createEventRegistry(eventsOf[build])
  return openIndexedDbLog({
    name: 'headwater:tasks:log',
    events,
    clock,
    random,
    scheduler,
    strictHonoured,
    ...indexedDb,
  })
}

async function lead(place: TabPlace, log: Log, hub: Hub, { tell, fail }: Reports): Promise<void> {
  const { scheduler } = place.platform
  const pause = (): Promise<void> => new Promise((resolve) => void scheduler.after(LOOK_MS, resolve))
  const channel = place.platform.openChannel('headwater:tasks', (message) => {
    if (message.type === 'head') log.hint(message.head as Offset)
  })
  log.subscribe((head) => channel.post({ type: 'head', head }))
  let epoch: number | undefined
  let replicator: Replicator | undefined
  let seen = { epoch: -1, beat: -1, sinceMs: 0 }
  for (;;) {
    try {
      if (epoch === undefined) {
        const lease = await log.lease.read()
        const nowMs = scheduler.elapsedMs()
        if (lease.epoch !== seen.epoch || lease.beat !== seen.beat) seen = { ...lease, sinceMs: nowMs }
        if (nowMs - seen.sinceMs >= SILENCE_MS) epoch = (await log.lease.take(lease.epoch, place.name))?.epoch
        if (epoch !== undefined) {
          tell(`${place.name} leads as epoch ${epoch}`)
          replicator = replicate(place, log, hub, () => epoch)
          replicator.subscribe(({ state, lastError }) => {
            if (state === 'refused')
              tell(`${place.name} is refused: ${lastError?.code} ${lastError?.message}`)
          })
        }
      } else {
        await log.lease.beat(epoch)
      }
    } catch (error) {
      if (!isHeadwaterError(error)) return fail(error)
      if (error.code === 'SUPERSEDED') {
        epoch = undefined
        await replicator?.close()
      }
    }
    await pause()
  }
}

function replicate(
  { actor, platform }: TabPlace,
  log: Log,
  hub: Hub,
  epoch: () => number | undefined,
): Replicator {
  const { clock, random, scheduler } = platform
  return createReplicator({
    log,
    clock,
    random,
    scheduler,
    epoch,
    role: 'client',
    channel: 'hub',
    workspace: WORKSPACE,
    transport: { connect: async () => hub.connect(actor) },
  })
}
