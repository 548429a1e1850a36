/**
 * What a run's row changes do to the parts of a group, staged: whole builds take all changes, growing builds those of the
 * rows that they have come to. An aggregate whose functions fail is parked alone (V6); a failing index is the table's own
 * failure.
 */
import type { StoredEvent } from '@headwater/log'
import { firstEventOf, mustBeNamed, type Run, type RunRow } from '../table/run.ts'
import type { RowChange } from '../view.ts'
import { dropMaps, type GroupCore, type StagedSlot } from './core.ts'
import type { Pace } from './pace.ts'
import type { Part, PartSlot } from './part.ts'

const CHANGES_AT_ONCE = 32

/** Stages the changes for every part. An index that fails is left in `run.failure`. */
export async function stageParts(
  core: GroupCore,
  run: Run,
  changes: readonly RowChange[],
  pace: Pace,
): Promise<readonly StagedSlot[]> {
  const all: StagedSlot[] = []
  if (changes.length === 0) return all
  for (const slot of core.slots) {
    const { whole, growing } = slot
    try {
      if (whole) all.push(await stagePart(core, slot, whole, changes, pace))
      if (growing?.upTo === undefined) continue
      const passed = growing.upTo
      const some = changes.filter(({ key }) => key <= passed)
      if (some.length > 0) all.push(await stagePart(core, slot, growing.part, some, pace))
    } catch (error) {
      if (slot.aggregate === undefined) return failIndex(run, error)
      dropSlot(all, slot)
      parkSlot(core, slot, error)
    }
  }
  return all
}

/** Parks an aggregate alone: it answers no more, and is built anew at the next opening or on demand. */
export function parkSlot(core: GroupCore, slot: PartSlot, error: unknown): void {
  slot.error = mustBeNamed(error)
  slot.parkedAt = core.position
  dropMaps(core, slot.whole?.maps)
  dropMaps(core, slot.growing?.part.maps)
  slot.whole = undefined
  slot.growing = undefined
}

/** Stages changes for one build of a part. */
export async function stagePart(
  core: GroupCore,
  slot: PartSlot,
  part: Part,
  changes: readonly RowChange[],
  pace: Pace,
): Promise<StagedSlot> {
  const staged = part.stage()
  for (let from = 0; from < changes.length; from += CHANGES_AT_ONCE) {
    staged.add(
      from === 0 && changes.length <= CHANGES_AT_ONCE ? changes : changes.slice(from, from + CHANGES_AT_ONCE),
    )
    const rest = pace.rest()
    if (rest) await rest
  }
  await pace.away(staged.settle(core.state))
  return { slot, part, staged }
}

function failIndex(run: Run, error: unknown): readonly StagedSlot[] {
  const named = mustBeNamed(error)
  const key = named.facts.key
  const row = typeof key === 'string' ? run.rows.get(key) : undefined
  run.failure = { event: eventOf(run, row), error: named }
  return []
}

/** What parks the table; nothing where no event does, because some were taken back. */
function eventOf(run: Run, row: RunRow | undefined): StoredEvent | undefined {
  return row && run.events.length > 0 ? firstEventOf(run, row) : run.events[0]
}

function dropSlot(all: StagedSlot[], slot: PartSlot): void {
  const kept = all.filter((staged) => staged.slot !== slot)
  all.splice(0, all.length, ...kept)
}
