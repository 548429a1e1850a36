/** What a chart says about the place that is marked, else about the whole: one line that keeps its height. */
import type { ReactNode } from 'react'

export function Readout({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <p className="readout">
      <span>{children}</span>
    </p>
  )
}
