/** A card of the numbers: its head, and below what it shows, or why that cannot be told. A zero in its place would be a lie. */
import type { ReactNode } from 'react'
import { Fault } from '../page/fault.tsx'
import type { FaultText } from '../page/fault-of.ts'

interface FiguresCardProps {
  readonly id: string
  readonly title: string
  /** Beside the title. */
  readonly head?: ReactNode
  /** What keeps its views from answering. */
  readonly error: FaultText | undefined
  readonly children: ReactNode
}

export function FiguresCard({ id, title, head, error, children }: FiguresCardProps): ReactNode {
  return (
    <section className="card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {head}
      </header>
      {error ? <Fault error={error} /> : children}
    </section>
  )
}
