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
  const note = (replaced: Replaced & { readonly commitId: CommitId }): void => {
    const key = `${replaced.replica} ${replaced.sequence}`
    known.set(key, [...(known.get(key) ?? []), replaced])
  }
  voids.replaced.forEach(note)
  for (const head of heads)
    for (const replaced of replacesOf(head)) note({ ...replaced, commitId: head.commitId })
  if (known.size === 0) return () => false
  return (head) => {
    const link = links?.get(head)
    const each = known.get(`${head.replica} ${lastSequenceOf(head)}`) ?? []
    return each.some(({ hash, commitId }) => (link ? sameBytes(hash, link.hash) : commitId === head.commitId))
  }
}
