/** The guided experiments: a list of them, and one page each. Loaded when first opened, with its style. */
import '../style/experiments.css'
import { type ReactNode, useEffect } from 'react'
import { tellFailure } from '../page/notice-store.ts'
import type { Route } from '../route.ts'
import { ExperimentList } from './experiment-list.tsx'
import { ExperimentPlace } from './experiment-place.tsx'
import { sweepLeftovers } from './leftovers.ts'
import { TWELVE } from './twelve.ts'

export function ExperimentsPage({ within: [slug] }: { readonly within: Route['within'] }): ReactNode {
  useEffect(() => {
    sweepLeftovers().catch(tellFailure('Clearing up after an earlier experiment'))
  }, [])
  const experiment = TWELVE.find((one) => one.slug === slug)
  return (
    <div className="experiments">
      {experiment === undefined ? (
        <ExperimentList unknown={slug} />
      ) : (
        <ExperimentPlace key={experiment.slug} experiment={experiment} />
      )}
    </div>
  )
}
