/**
 * Dropping a group's base: that it is gone is stored first, so that nobody opens from it any more; then the group is folded
 * anew on the side, while the old state answers; then it lets go of the old base, which the sweep frees. Meanwhile it stores
 * nothing, since what it holds still rests upon that base.
 */
import { assert } from '@headwater/log'
import type { ProgressOptions } from '../progress-options.ts'
import { resumeUnit } from './pause.ts'
import { rebuildUnit } from './rebuild.ts'
import type { GroupUnit } from './unit.ts'

/** Drops the base; resolves when the new state answers and the old base is let go of. */
export async function dropUnit(unit: GroupUnit, options: ProgressOptions): Promise<void> {
  assert(unit.main !== undefined, 'a group drops its base after it was opened')
  resumeUnit(unit)
  unit.dropping = true
  try {
    await unit.storing(async () => unit.main?.drop())
    await rebuildUnit(unit, options)
    await unit.storing(() => unit.exclusive(async () => letGo(unit)))
  } finally {
    unit.dropping = false
  }
}

function letGo({ core, main }: GroupUnit): void {
  if (core?.state !== main) main?.forget()
}
