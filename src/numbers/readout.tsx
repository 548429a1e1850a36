/**
 * What a chart says about the place that is marked, else about the whole: one line that keeps its height. It names the view
 * and the group that the numbers are of, and what asks "why?" of them has its place at its end.
 */
import type { KeyPart } from 'headwater'
import type { ReactNode } from 'react'
import type { PastViews } from '../moment.ts'

interface ReadoutProps {
  readonly view: keyof PastViews
  /** Nothing where the numbers are of several groups. */
  readonly group: KeyPart | readonly KeyPart[] | undefined
  readonly children: ReactNode
}

export function Readout({ view, group, children }: ReadoutProps): ReactNode {
  return (
    <p
      className="readout"
      data-view={view}
      data-group={group === undefined ? undefined : JSON.stringify(group)}
    >
      <span>{children}</span>
    </p>
  )
}
