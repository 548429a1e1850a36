/**
 * Pins: shared locks named after manifests. Who uses a base holds its manifest's pin; the sweep deletes a manifest only
 * while it holds that lock alone. A pin is worth something only if the manifest is still there once it is held.
 */
import type { Hold } from '../locks.ts'
import type { ManifestId, StoredManifest } from './base-store.ts'
import type { StateOptions } from './state-core.ts'

/** A manifest that stays for as long as the hold does. */
export interface PinnedManifest {
  readonly manifest: StoredManifest
  readonly hold: Hold
}

/** What pinning takes of a state's options. */
export type PinOptions = Pick<StateOptions, 'store' | 'locks' | 'lockScope'>

/** Each try fails only when a newer manifest came and this one was swept meanwhile. */
const MOST_TRIES = 10

/** Name of the lock that pins a manifest. */
export function pinName(lockScope: string, id: ManifestId): string {
  return `${lockScope}:base:${id}`
}

/** Pins a manifest; nothing when it is gone. */
export async function pinManifest(options: PinOptions, id: ManifestId): Promise<PinnedManifest | undefined> {
  const hold = await options.locks.shared(pinName(options.lockScope, id))
  try {
    const manifest = await options.store.getManifest(id)
    if (manifest !== undefined) return { manifest, hold }
  } catch (error) {
    hold.release()
    throw error
  }
  hold.release()
  return undefined
}

/** Pins the current manifest of a lineage; nothing when it has none. */
export async function pinCurrent(options: PinOptions, lineage: string): Promise<PinnedManifest | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const current = await options.store.current(lineage)
    if (current === undefined) return undefined
    const pinned = await pinManifest(options, current.id)
    if (pinned !== undefined) return pinned
  }
  return undefined
}
