/** A chart to read: a line above it says the place that is marked, else the whole, and keeps its height. */
import { type ReactNode, useState } from 'react'
import { Chart } from './chart.tsx'
import type { Bars } from './plot.ts'

interface ReadChartProps {
  /** What it shows, in a few words. */
  readonly name: string
  readonly bars: Bars
  readonly height: number
  /** A place in words. */
  readonly say: (place: number) => string
  /** All of it in words. */
  readonly total: string
}

export function ReadChart({ total, say, ...chart }: ReadChartProps): ReactNode {
  const [marked, setMarked] = useState<number>()
  return (
    <>
      <p className="readout">
        <span>{marked === undefined ? total : say(marked)}</span>
      </p>
      <Chart {...chart} marked={marked} onMark={setMarked} say={say} />
    </>
  )
}
