/**
 * A chart of bars by uPlot. A slider lies over it for the keyboard and for screen readers: it goes from place to place and
 * says each one in words; a pointer does the same. The chart follows the theme and its width, and its height is given, so
 * that nothing moves when the numbers come.
 */
import { type ReactNode, useEffect, useRef } from 'react'
import 'uplot/dist/uPlot.min.css'
import { useScheme } from '../page/theme.ts'
import { type BarPlot, type Bars, drawBars } from './plot.ts'
import { useWidth } from './use-width.ts'

interface ChartProps {
  /** What it shows, in a few words. */
  readonly name: string
  readonly bars: Bars
  readonly height: number
  readonly marked: number | undefined
  readonly onMark: (place: number | undefined) => void
  /** A place in words. */
  readonly say: (place: number) => string
}

export function Chart({ name, bars, height, marked, onMark, say }: ChartProps): ReactNode {
  const [ref, width] = useWidth()
  const scheme = useScheme()
  const last = Math.max(0, (bars.series[0]?.values.length ?? 0) - 1)
  const at = Math.min(last, marked ?? last)
  return (
    <div className="chart" style={{ height }}>
      <div ref={ref} aria-hidden="true">
        {width > 0 && (
          <Plot key={scheme} bars={bars} width={width} height={height} marked={marked} onMark={onMark} />
        )}
      </div>
      <input
        type="range"
        aria-label={name}
        aria-valuetext={say(at)}
        min={0}
        max={last}
        value={at}
        onChange={({ target }) => onMark(target.valueAsNumber)}
        onFocus={() => onMark(at)}
        onBlur={() => onMark(undefined)}
      />
    </div>
  )
}

interface PlotProps extends Pick<ChartProps, 'bars' | 'height' | 'marked' | 'onMark'> {
  readonly width: number
}

/** The canvas. It keeps its colours for as long as it lives: another theme gets another one, by its key. */
function Plot({ bars, width, height, marked, onMark }: PlotProps): ReactNode {
  const element = useRef<HTMLDivElement>(null)
  const plot = useRef<BarPlot>(undefined)
  const atFirst = useRef({ bars, width, height, onMark })
  useEffect(() => {
    if (element.current === null) return
    const { bars, width, height, onMark } = atFirst.current
    plot.current = drawBars(element.current, bars, { width, height }, onMark)
    return () => plot.current?.destroy()
  }, [])
  useEffect(() => plot.current?.show(bars), [bars])
  useEffect(() => plot.current?.mark(marked), [marked])
  useEffect(() => plot.current?.resize({ width, height }), [width, height])
  return <div ref={element} />
}
