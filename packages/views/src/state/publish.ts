/**
 * Publishing: the end of a rebuild. What was built on the side becomes the lineage's current base, whatever is current
 * there, as a generation above it, so that every other tab takes it as a new start.
 */
import type { Json, Offset } from '@headwater/log'
import { assert } from '@headwater/log'
import { checkpointOwn, checkpointState } from './checkpoint.ts'
import { usableContent } from './manifest.ts'
import type { CheckpointOutcome } from './paged-state.ts'
import type { StateCore } from './state-core.ts'

/** Each try loses only to a checkpoint or a sweep of another tab in the few milliseconds that it takes. */
const MOST_TRIES = 8

/** Stores the state as the lineage's current base. */
export async function publishState(
  core: StateCore,
  position: Offset,
  meta: Json,
): Promise<CheckpointOutcome> {
  const { lineage } = core.options
  assert(core.lineage !== lineage, 'only a state built on the side is published')
  await checkpointOwn(core, position, meta)
  let outcome: CheckpointOutcome = 'superseded'
  for (let tries = 0; tries < MOST_TRIES && outcome !== 'stored'; tries++) {
    outcome = await publishOnce(core, position, meta)
  }
  return outcome
}

/** The pages are stored by now, but for a few: this is little more than the manifest. */
async function publishOnce(core: StateCore, position: Offset, meta: Json): Promise<CheckpointOutcome> {
  const { store, lineage, logId } = core.options
  const current = await store.current(lineage)
  const newest = current && usableContent(current.text, logId)
  const generation = Math.max(core.base.generation, (newest?.generation ?? 0) + 1)
  return checkpointState(core, position, meta, { lineage, replaces: current?.id, generation, force: true })
}
