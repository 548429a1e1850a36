/** Lag and rate of a view over the last minutes, as two small curves. */
import type { ReactNode } from 'react'
import { formatCount, formatShort } from '../../format.ts'
import { SAMPLE_EVERY_MS, SAMPLES_KEPT, useSamples } from '../samples.ts'
import { Sparkline } from '../sparkline.tsx'

const NONE: readonly never[] = []
const MINUTES = (SAMPLE_EVERY_MS * SAMPLES_KEPT) / 60_000

interface ViewPastProps {
  readonly name: string
  readonly kind: string
}

export function ViewPast({ name, kind }: ViewPastProps): ReactNode {
  const samples = useSamples(({ views }) => views.get(name) ?? NONE)
  const lags = samples.map(({ lag }) => lag)
  const rates = samples.map(({ folded }) => folded)
  const what = kind === 'search' ? 'rows' : 'events'
  return (
    <div className="curves">
      <figure>
        <figcaption>
          Lag <b>{formatCount(lags.at(-1) ?? 0)}</b>{' '}
          <small>
            {what}, at most {formatCount(Math.max(0, ...lags))} in {MINUTES} minutes
          </small>
        </figcaption>
        <Sparkline values={lags} kept={SAMPLES_KEPT} label={`Lag of ${name}`} tone="lag" />
      </figure>
      <figure>
        <figcaption>
          Rate <b>{formatShort(Math.round(rates.at(-1) ?? 0))}/s</b>{' '}
          <small>
            {what}, at most {formatShort(Math.round(Math.max(0, ...rates)))}/s in {MINUTES} minutes
          </small>
        </figcaption>
        <Sparkline values={rates} kept={SAMPLES_KEPT} label={`Rate of ${name}`} tone="rate" />
      </figure>
    </div>
  )
}
