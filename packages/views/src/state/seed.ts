/**
 * Seeding: a lineage without a base takes over, by reference, the maps that mean the same in another lineage of its
 * family, with checkpoint and meta, so that adding an index does not fold the whole log again. Pages never change, so
 * lineages may list the same ones.
 */
import type { LogId } from '@headwater/log'
import type { BaseContent } from './base.ts'
import type { ManifestId } from './base-store.ts'
import { usableContent } from './manifest.ts'
import { pinManifest } from './pin.ts'
import { isSideLineage } from './side-lineage.ts'
import { type StateCore, type StateOptions, switchBase } from './state-core.ts'

interface Candidate {
  readonly id: ManifestId
  readonly content: BaseContent
}

/** Gives an empty state the furthest usable base of its family, where there is one with a map to take over. */
export async function seedFromFamily(core: StateCore): Promise<void> {
  for (const { id, content } of await findCandidates(core.options)) {
    const pinned = await pinManifest(core.options, id)
    if (pinned === undefined) continue
    const maps = reusableMaps(content, core.options)
    switchBase(core, { ...content, maps, manifest: id }, pinned.hold)
    return
  }
}

/** Usable bases of other lineages, the furthest first. */
async function findCandidates(options: StateOptions): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = []
  for (const id of await newestOfFamily(options)) {
    const content = await readContent(options, id, options.logId)
    if (content && reusableMaps(content, options).size > 0) candidates.push({ id, content })
  }
  return candidates.sort((a, b) => b.content.checkpoint - a.content.checkpoint || b.id - a.id)
}

async function newestOfFamily({ store, family, lineage }: StateOptions): Promise<Iterable<ManifestId>> {
  const newest = new Map<string, ManifestId>()
  for (const manifest of await store.manifests()) {
    const other =
      manifest.family === family && manifest.lineage !== lineage && !isSideLineage(manifest.lineage)
    if (other) newest.set(manifest.lineage, manifest.id)
  }
  return newest.values()
}

async function readContent(
  { store }: StateOptions,
  id: ManifestId,
  logId: LogId,
): Promise<BaseContent | undefined> {
  const manifest = await store.getManifest(id)
  return manifest && usableContent(manifest.text, logId)
}

function reusableMaps({ maps }: BaseContent, { reuse }: StateOptions): BaseContent['maps'] {
  return new Map([...maps].filter(([name]) => reuse(name)))
}
