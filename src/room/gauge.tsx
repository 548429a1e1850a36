/** A figure with its name and what it counts. */
import type { ReactNode } from 'react'

interface GaugeProps {
  readonly name: string
  readonly value: string
  readonly note: string
  readonly title?: string
}

export function Gauge({ name, value, note, title }: GaugeProps): ReactNode {
  return (
    <div className="gauge" title={title}>
      <dt>{name}</dt>
      <dd>
        <b>{value}</b> <span>{note}</span>
      </dd>
    </div>
  )
}
