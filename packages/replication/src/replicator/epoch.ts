/**
 * The epoch of the lease under which a replicator stores, where tabs elect a leader: the log refuses what comes under an
 * epoch that is over (`SUPERSEDED`).
 */

/** Asked at each write: undefined where nobody leads. */
export type Epoch = () => number | undefined

/** As an option of the log's calls. */
export function leading(epoch: Epoch): { readonly epoch?: number } {
  const current = epoch()
  return current === undefined ? {} : { epoch: current }
}
