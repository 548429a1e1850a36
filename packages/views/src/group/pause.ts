/**
 * Pausing a group: it folds no further and takes over no other tab's base until it is resumed, whatever it was in the middle
 * of. What it holds stays, and answers. Rebuilds on the side rest with it, so that its position does not move.
 */
import type { GroupUnit } from './unit.ts'

/** Stops the group; resolves when no fold is under way. */
export async function pauseUnit(unit: GroupUnit): Promise<void> {
  unit.paused = true
  unit.moved.tell()
  await unit.exclusive(async () => undefined)
}

/** Lets the group go on. */
export function resumeUnit(unit: GroupUnit): void {
  if (!unit.paused) return
  unit.paused = false
  unit.moved.tell()
}

/** Resolves once the group is not paused any more, or closed. */
export function untilResumed(unit: GroupUnit): Promise<void> {
  const mustWait = (): boolean => unit.paused && !unit.closed
  if (!mustWait()) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = unit.moved.add(() => {
      if (mustWait()) return
      stop()
      resolve()
    })
  })
}
