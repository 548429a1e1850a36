/**
 * States of the past that later moments may begin from, so that moving about in it folds differences. They are manifests over
 * shared pages, bounded in number and bytes: the one that was used longest ago goes first.
 */
import type { Offset } from '@headwater/log'
import type { Hold } from '../locks.ts'
import type { StoredManifest } from '../state/base-store.ts'
import type { PastStore } from './past-store.ts'

/** A state that can be begun from. */
export interface Start {
  readonly checkpoint: Offset
  readonly manifest: StoredManifest
  /** Keeps the pages of the live store that it lists. */
  readonly root: Root | undefined
}

/** A pin of the live store that several states share: it is let go of with the last of them. */
export interface Root {
  /** Takes a share; the answer gives it back, once. */
  share(): Hold
}

/** The kept states of a tab. */
export interface KeptStates {
  /** The furthest of a lineage that is not beyond the offset. */
  nearest(lineage: string, offset: Offset): Start | undefined
  /** Keeps one more, unless there is one of its lineage and checkpoint. */
  keep(start: Start): void
  /** Lets go of pages that nothing needs any more. */
  sweep(): void
  clear(): void
}

interface Kept {
  readonly start: Start
  readonly share: Hold | undefined
}

const MOST_KEPT = 24
const MOST_BYTES = 64 * 1_048_576

/** None yet. */
export function createKeptStates(store: PastStore): KeptStates {
  /** The one used last comes last. */
  let kept: readonly Kept[] = []
  const sweep = (): void => store.sweep(kept.map(({ start }) => start.manifest))
  const drop = (gone: Kept | undefined): void => {
    kept = kept.filter((each) => each !== gone)
    gone?.share?.release()
    sweep()
  }
  const of = (lineage: string): readonly Kept[] =>
    kept.filter(({ start }) => start.manifest.lineage === lineage)
  return {
    nearest(lineage, offset) {
      const found = of(lineage)
        .filter(({ start }) => start.checkpoint <= offset)
        .reduce<Kept | undefined>(further, undefined)
      if (found) kept = [...kept.filter((each) => each !== found), found]
      return found?.start
    },
    keep(start) {
      const { checkpoint, manifest, root } = start
      if (of(manifest.lineage).some((each) => each.start.checkpoint === checkpoint)) return
      kept = [...kept, { start, share: root?.share() }]
      while (kept.length > MOST_KEPT || (kept.length > 0 && store.bytes > MOST_BYTES)) drop(kept[0])
    },
    sweep,
    clear() {
      for (const { share } of kept) share?.release()
      kept = []
      sweep()
    },
  }
}

function further(a: Kept | undefined, b: Kept): Kept {
  return a && a.start.checkpoint >= b.start.checkpoint ? a : b
}

/** Shares a hold: it is released with the last share, the one that comes with the root included. */
export function createRoot(hold: Hold): { readonly root: Root; readonly first: Hold } {
  let shares = 0
  const share = (): Hold => {
    let held = true
    shares++
    return {
      release() {
        if (held && --shares === 0) hold.release()
        held = false
      },
    }
  }
  return { root: { share }, first: share() }
}
