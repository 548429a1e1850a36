/**
 * Publishing: the end of a rebuild. What was built on the side becomes the lineage's current base, whatever is current
 * there, as a generation above it, so that every other tab takes it as a new start.
 */
import { assert } from '@headwater/log'
import { type CheckpointTarget, type Snapshot, storeSnapshot } from './checkpoint.ts'
import { usableContent } from './manifest.ts'
import { Overlay } from './overlay.ts'
import type { CheckpointOutcome } from './paged-state.ts'
import { joinSealed, mustBeOpen, type StateCore, unseal } from './state-core.ts'

/** Each try loses only to a checkpoint or a sweep of another tab in the few milliseconds that it takes. */
const MOST_TRIES = 8

/** Stores the state as the lineage's current base. */
export async function publishState(core: StateCore, snapshot: Snapshot): Promise<CheckpointOutcome> {
  assert(core.lineage !== core.options.lineage, 'only a state built on the side is published')
  mustBeOpen(core)
  const changes = joinSealed(core, snapshot.changes)
  assert(changes !== undefined, 'a state built on the side never jumps')
  try {
    return await publishInTries(core, { ...snapshot, changes })
  } finally {
    unseal(core, changes)
  }
}

/** The pages are stored on the side first, so that what may have to be tried again is only the manifest. */
async function publishInTries(core: StateCore, snapshot: Snapshot): Promise<CheckpointOutcome> {
  const { store, lineage } = core.options
  const { generation } = core.base
  const { lineage: side } = core
  let stored = await storeSnapshot(core, snapshot, {
    lineage: side,
    replaces: (await store.current(side))?.id,
    generation,
  })
  const rest = stored === 'stored' ? { ...snapshot, changes: new Overlay() } : snapshot
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    stored = await storeSnapshot(core, rest, await currentTarget(core, lineage))
    if (stored === 'stored') break
  }
  return stored
}

async function currentTarget({ base, options }: StateCore, lineage: string): Promise<CheckpointTarget> {
  const current = await options.store.current(lineage)
  const newest = current && usableContent(current.text, options.logId)
  const generation = Math.max(base.generation, (newest?.generation ?? 0) + 1)
  return { lineage, replaces: current?.id, generation }
}
