/**
 * Bars over named places (weeks, people, ages), drawn by uPlot. The names lie on a scale that counts places, so that bars
 * stand upright or lie, and the place that is read out has a band behind it. The colours are those of the moment: for
 * another theme a plot is made anew.
 */
import uPlot from 'uplot'
import { formatShort } from '../format.ts'
import { type ChartColours, type ColourName, readColours } from './chart-colours.ts'

export interface BarSeries {
  readonly name: string
  readonly colour: ColourName
  /** One for each place. */
  readonly values: readonly number[]
}

/** What a chart shows. */
export interface Bars {
  readonly series: readonly BarSeries[]
  /** Names below (or beside) some of the places. */
  readonly ticks: readonly Tick[]
  /** The ends of the scale of values, and where its lines are. */
  readonly lines: readonly number[]
  readonly direction: 'upright' | 'lying'
}

export interface Tick {
  readonly at: number
  readonly label: string
}

/** A plot in its place. */
export interface BarPlot {
  readonly show: (bars: Bars) => void
  /** Puts the band behind a place. */
  readonly mark: (place: number | undefined) => void
  readonly resize: (size: Size) => void
  readonly destroy: () => void
}

interface Size {
  readonly width: number
  readonly height: number
}

interface PlotState {
  bars: Bars
  marked: number | undefined
}

const FONT_PX = 12
const VALUES_WIDTH = 40
const NAMES_WIDTH = 104

/** Draws bars in an element; `onPoint` is told which place a pointer is at. */
export function drawBars(
  element: HTMLElement,
  bars: Bars,
  size: Size,
  onPoint: (place: number | undefined) => void,
): BarPlot {
  const state: PlotState = { bars, marked: undefined }
  const plot = new uPlot(optionsOf(state, readColours(element), size, onPoint), dataOf(bars), element)
  return {
    show: (next) => {
      state.bars = next
      plot.setData(dataOf(next))
    },
    mark: (place) => {
      state.marked = place
      plot.redraw(false, false)
    },
    resize: (next) => plot.setSize(next),
    destroy: () => plot.destroy(),
  }
}

function optionsOf(
  state: PlotState,
  colours: ChartColours,
  size: Size,
  onPoint: (place: number | undefined) => void,
): uPlot.Options {
  const { direction, series } = state.bars
  const isLying = direction === 'lying'
  return {
    ...size,
    legend: { show: false },
    cursor: { x: false, y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
    padding: [8, isLying ? 16 : 4, 0, 0],
    scales: {
      x: {
        time: false,
        ori: isLying ? 1 : 0,
        dir: isLying ? -1 : 1,
        range: (plot) => [-0.5, Math.max(1, plot.data[0].length) - 0.5],
      },
      y: { ori: isLying ? 0 : 1, range: () => [state.bars.lines.at(0) ?? 0, state.bars.lines.at(-1) ?? 1] },
    },
    axes: [namesAxis(state, colours, isLying), valuesAxis(state, colours, isLying)],
    series: [{}, ...series.map((each) => barsOf(each, colours))],
    hooks: {
      drawClear: [(plot) => drawBand(plot, state.marked, colours.of('sunken'), isLying)],
      setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)],
    },
  }
}

/** The data as uPlot takes them. */
function dataOf({ series }: Bars): uPlot.AlignedData {
  const places = Array.from({ length: series[0]?.values.length ?? 0 }, (_, i) => i)
  return [places, ...series.map(({ values }) => [...values])]
}

function barsOf({ name, colour }: BarSeries, colours: ChartColours): uPlot.Series {
  const paths = uPlot.paths.bars?.({ size: [0.72, 36], radius: 0.2 })
  return {
    label: name,
    fill: colours.of(colour),
    stroke: colours.of(colour),
    width: 0,
    points: { show: false },
    ...(paths ? { paths } : {}),
  }
}

function axisOf(colours: ChartColours): uPlot.Axis {
  return {
    stroke: colours.of('ink-faint'),
    font: `${FONT_PX}px ${colours.fontFamily}`,
    ticks: { show: false },
  }
}

function namesAxis(state: PlotState, colours: ChartColours, isLying: boolean): uPlot.Axis {
  return {
    ...axisOf(colours),
    side: isLying ? 3 : 2,
    size: isLying ? NAMES_WIDTH : 2.5 * FONT_PX,
    gap: 8,
    grid: { show: false },
    splits: () => state.bars.ticks.map(({ at }) => at),
    values: () => state.bars.ticks.map(({ label }) => label),
  }
}

function valuesAxis(state: PlotState, colours: ChartColours, isLying: boolean): uPlot.Axis {
  return {
    ...axisOf(colours),
    side: isLying ? 2 : 3,
    size: isLying ? 2 * FONT_PX : VALUES_WIDTH,
    gap: 4,
    grid: { stroke: colours.of('line'), width: 1 },
    splits: () => [...state.bars.lines],
    values: (_plot, splits) => splits.map((value) => formatShort(Math.abs(value))),
  }
}

function drawBand(plot: uPlot, place: number | undefined, colour: string, isLying: boolean): void {
  if (place === undefined) return
  const { ctx, bbox } = plot
  const from = plot.valToPos(place - 0.5, 'x', true)
  const length = plot.valToPos(place + 0.5, 'x', true) - from
  ctx.save()
  ctx.fillStyle = colour
  if (isLying) ctx.fillRect(bbox.left, from, bbox.width, length)
  else ctx.fillRect(from, bbox.top, length, bbox.height)
  ctx.restore()
}
