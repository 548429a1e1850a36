/** A small curve of the last values, newest to the right; its scale ends at the highest of them. */
import type { ReactNode } from 'react'

interface SparklineProps {
  readonly values: readonly number[]
  /** How many values the whole width holds. */
  readonly kept: number
  readonly label: string
  readonly tone: 'lag' | 'rate'
}

const WIDTH = 300
const HEIGHT = 48

export function Sparkline({ values, kept, label, tone }: SparklineProps): ReactNode {
  const most = Math.max(1, ...values)
  const x = (at: number): number => WIDTH - ((values.length - 1 - at) / (kept - 1)) * WIDTH
  const y = (value: number): number => HEIGHT - 1 - (value / most) * (HEIGHT - 4)
  const line = values.map((value, at) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
  return (
    <svg
      className="sparkline"
      data-tone={tone}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: now ${Math.round(values.at(-1) ?? 0)}, at most ${Math.round(Math.max(0, ...values))}`}
    >
      <line x1="0" x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} className="ground" />
      {values.length > 1 && (
        <>
          <polygon points={`${x(0).toFixed(1)},${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} />
          <polyline points={line} />
        </>
      )}
    </svg>
  )
}
