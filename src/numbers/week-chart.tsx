/** The weeks as bars that rise for what was opened and hang for what was closed. Plain SVG in the colours of the page. */
import type { ReactNode } from 'react'
import { formatCount, formatShort } from '../format.ts'
import { useWidth } from './use-width.ts'
import type { WeekFigures } from './weeks.ts'

const HEIGHT = 240
const AXIS_WIDTH = 36
const MIDDLE = 114
const HALF = 104
const LABEL_Y = HEIGHT - 4
/** Names of months nearer than this would touch. */
const MONTH_WIDTH = 30
const WEEKS_A_MONTH = 4.35

export function WeekChart({ weeks }: { readonly weeks: readonly WeekFigures[] }): ReactNode {
  const [ref, width] = useWidth()
  const top = niceTop(Math.max(1, ...weeks.map(({ opened, closed }) => Math.max(opened, closed))))
  const step = Math.max(1, (width - AXIS_WIDTH) / weeks.length)
  return (
    <div ref={ref} className="week-chart">
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label="Opened and closed by week; the table below has the figures"
        >
          <Grid top={top} width={width} />
          {weeks.map((week, i) => (
            <Bars key={week.name} week={week} x={AXIS_WIDTH + i * step} step={step} scale={HALF / top} />
          ))}
          <Months weeks={weeks} step={step} />
        </svg>
      )}
    </div>
  )
}

interface BarsProps {
  readonly week: WeekFigures
  readonly x: number
  readonly step: number
  /** Pixels for one. */
  readonly scale: number
}

function Bars({ week: { name, opened, closed }, x, step, scale }: BarsProps): ReactNode {
  const gap = Math.min(4, step * 0.3)
  const bar = { x: x + gap / 2, width: step - gap, rx: Math.min(2, step / 4) }
  return (
    <g className="week">
      <title>{`${name}: ${formatCount(opened)} opened, ${formatCount(closed)} closed`}</title>
      <rect className="hit" x={x} y={0} width={step} height={MIDDLE + HALF} />
      <rect data-series="open" {...bar} y={MIDDLE - 1 - opened * scale} height={opened * scale} />
      <rect data-series="closed" {...bar} y={MIDDLE + 1} height={closed * scale} />
    </g>
  )
}

function Grid({ top, width }: { readonly top: number; readonly width: number }): ReactNode {
  return [-1, -0.5, 0, 0.5, 1].map((share) => (
    <g key={share}>
      <line x1={AXIS_WIDTH} x2={width} y1={MIDDLE - share * HALF} y2={MIDDLE - share * HALF} />
      <text x={AXIS_WIDTH - 8} y={MIDDLE - share * HALF + 4} textAnchor="end">
        {formatShort(Math.abs(share) * top)}
      </text>
    </g>
  ))
}

const month = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' })

/** The name of each month, or of each second where there is no room, at its first week. */
function Months({
  weeks,
  step,
}: {
  readonly weeks: readonly WeekFigures[]
  readonly step: number
}): ReactNode {
  const every = step * WEEKS_A_MONTH < MONTH_WIDTH ? 2 : 1
  const firsts = weeks.flatMap(({ time }, i) => {
    const before = weeks[i - 1]
    const isFirst = before !== undefined && month.format(before.time) !== month.format(time)
    return isFirst ? [{ name: month.format(time), x: AXIS_WIDTH + i * step }] : []
  })
  return firsts
    .filter((_, i) => i % every === 0)
    .map(({ name, x }) => (
      <text key={x} x={x} y={LABEL_Y}>
        {name}
      </text>
    ))
}

/** The next round number with a round half, so that the lines of the grid have round names. */
function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  const head = [1, 2, 4, 6, 8, 10].find((candidate) => candidate * power >= most) ?? 10
  return Math.max(2, head * power)
}
