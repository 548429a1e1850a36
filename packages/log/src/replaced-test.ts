/**
 * Whether a foreign commit is known to be replaced, so that merging passes it over: by what is stored, or by a commit that
 * comes with it. It is known by its chain hash; where the sender does not say that, by the commit id, which reissuing keeps.
 */
import { sameBytes } from './bytes.ts'
import { type CommitHead, lastSequenceOf, replacesOf } from './commit.ts'
import type { CommitId } from './identity.ts'
import type { ForeignCommits } from './merge-facts.ts'
import type { Replaced } from './replaces.ts'
import type { Voids } from './voids.ts'

/** The test for one merge. */
export function createReplacedTest(
  voids: Voids,
  { heads, links }: ForeignCommits,
): (head: CommitHead) => boolean {
  const known = new Map<string, (Replaced & { readonly commitId: CommitId })[]>()
  const note = (commitId: CommitId, replaces: readonly Replaced[]): void => {
    for (const replaced of replaces) {
      const key = `${replaced.replica} ${replaced.sequence}`
      known.set(key, [...(known.get(key) ?? []), { ...replaced, commitId }])
    }
  }
  for (const { by, replaces } of voids.reissues) note(by.commitId, replaces)
  for (const head of heads) note(head.commitId, replacesOf(head))
  if (known.size === 0) return () => false
  return (head) => {
    const link = links?.get(head)
    const each = known.get(`${head.replica} ${lastSequenceOf(head)}`) ?? []
    return each.some(({ hash, commitId }) => (link ? sameBytes(hash, link.hash) : commitId === head.commitId))
  }
}
