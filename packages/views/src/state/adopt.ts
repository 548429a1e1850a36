/**
 * Adoption: taking over the base that another tab stored. One of the same history, not older than the own base and made
 * where the caller has stood, is swapped in under the overlay, which loses what the base now holds; from any other the
 * state starts afresh, and its caller folds on from the checkpoint found there.
 */
import type { Offset } from '@headwater/log'
import { type BaseContent, isDropped, storedBase } from './base.ts'
import { baseLost } from './base-lost.ts'
import { usableContent } from './manifest.ts'
import { Overlay } from './overlay.ts'
import { type PinnedManifest, pinCurrent } from './pin.ts'
import { mustBeOpen, type StateCore, switchBase } from './state-core.ts'

/** What adopting did. */
export type Adoption = 'nothing-new' | 'swapped' | 'jumped'

/** Where the caller is, and has been. */
interface Stand {
  readonly position: Offset
  readonly hasStoodAt: ((checkpoint: Offset) => boolean) | undefined
}

/** Looks for a newer base of the lineage, and takes it. */
export async function adoptNewest(
  core: StateCore,
  stand: Stand,
  installed?: (adoption: 'swapped' | 'jumped') => void,
): Promise<Adoption> {
  mustBeOpen(core)
  if (core.lineage !== core.options.lineage) return 'nothing-new'
  const pinned = await pinCurrent(core.options, core.lineage)
  if (core.closed || pinned?.manifest.id === core.replaces) {
    pinned?.hold.release()
    return 'nothing-new'
  }
  if (pinned === undefined) throw baseLost(core.options.lineage, 'its manifest is gone')
  const adoption = take(core, pinned, stand)
  if (adoption !== 'nothing-new') installed?.(adoption)
  return adoption
}

function take(core: StateCore, { manifest, hold }: PinnedManifest, stand: Stand): Adoption {
  core.replaces = manifest.id
  const content = usableContent(manifest.text, core.options.logId)
  if (content === undefined || isDropped(content)) {
    core.dropped = content !== undefined
    hold.release()
    return 'nothing-new'
  }
  const swaps = isSameHistory(core, content) && covers(stand, content.checkpoint)
  if (swaps) for (const layer of [core.overlay, ...core.sealed]) layer.dropUpTo(content.checkpoint)
  else dropOverlays(core)
  switchBase(core, storedBase(content, manifest), hold)
  return swaps ? 'swapped' : 'jumped'
}

/** Whether no single step of the caller's leads across the checkpoint. */
function covers({ position, hasStoodAt }: Stand, checkpoint: Offset): boolean {
  return checkpoint <= position && (hasStoodAt?.(checkpoint) ?? true)
}

function dropOverlays(core: StateCore): void {
  core.overlay = new Overlay()
  core.sealed = []
}

/** Whether the overlay, which holds all changes since the own base, holds all since this one too. */
function isSameHistory({ base }: StateCore, content: BaseContent): boolean {
  return content.generation === base.generation && content.checkpoint >= base.checkpoint
}
