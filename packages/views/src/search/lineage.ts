/**
 * Names the dumps of a search index in the base store. It stands alone so that who sweeps the store can know the name
 * without loading what indexes.
 */

/** Raised whenever the same text may give other terms (`words.ts`): dumps by other rules are of another lineage. */
export const WORDS_VERSION = 1

/** The lineage of the dumps of an index with this fingerprint. */
export function searchLineage(fingerprint: string): string {
  return `search:${WORDS_VERSION}:${fingerprint}`
}
