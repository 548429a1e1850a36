/** The guided experiments: a list of them, and one page each. Loaded when first opened. */
import type { ReactNode } from 'react'
import type { Route } from '../route.ts'

export function ExperimentsPage({ within: [experiment] }: { readonly within: Route['within'] }): ReactNode {
  return <h1>{experiment === undefined ? 'Experiments' : `Experiment ${experiment}`}</h1>
}
