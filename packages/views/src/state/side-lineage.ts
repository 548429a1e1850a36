/**
 * Side lineages: where a rebuild keeps its interim checkpoints until it is whole, so that nobody takes them for the
 * view's state. One that nobody pins is abandoned.
 */

/** The side lineage of a generation. */
export function sideLineage(lineage: string, generation: number): string {
  return `${lineage}~${generation}`
}

/** Whether a lineage is one. */
export function isSideLineage(lineage: string): boolean {
  return /~\d+$/.test(lineage)
}
