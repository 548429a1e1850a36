/** The bar of time travel: where on the log the page stands, and the way back. */
import { useStatus } from '@headwater/react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useTracker } from '../../database.ts'
import { formatCount, formatTime } from '../../format.ts'
import { Fault } from '../../page/fault.tsx'
import { Icon } from '../../page/icon.tsx'
import { useCalm } from '../../page/use-calm.ts'
import { closeTravel, returnToNow, type Travel, travelTo } from './moments.ts'
import { useTravel } from './use-travel.ts'

export function TravelBar(): ReactNode {
  const travel = useTravel()
  const { wanted, progress, error } = travel
  const isPast = travel.shown !== undefined
  return (
    <section className="travel" aria-label="Time travel" data-past={isPast}>
      <Slider travel={travel} />
      <p className="travel-says">
        <output>{saying(travel)}</output>
        {progress !== undefined && <progress aria-label="Folding up to there" value={progress} />}
      </p>
      <div className="travel-acts">
        {wanted !== undefined && (
          <button type="button" className="primary" onClick={returnToNow}>
            Back to now
          </button>
        )}
        <button type="button" className="icon-button" aria-label="Close time travel" onClick={closeTravel}>
          <Icon name="cross" />
        </button>
      </div>
      {error && <Fault what="Travelling there" error={error} />}
    </section>
  )
}

function saying({ shown, wanted }: Travel): string {
  if (shown === undefined && wanted === undefined)
    return 'This is now. Move the slider to see the page as it was.'
  if (shown === undefined) return `Folding the log up to event ${formatCount(wanted ?? 0)}…`
  if (shown.offset === 0) return 'You see the page before the first event. Nothing can be changed here.'
  const at = `event ${formatCount(shown.offset)}, stored ${formatTime(shown.time)}`
  return `You see the page as of ${at}. Nothing can be changed here.`
}

/** A step of the arrow keys is one event, of Page Up and Page Down a tenth of the log. */
function Slider({ travel: { wanted } }: { readonly travel: Travel }): ReactNode {
  const db = useTracker()
  const head = useCalm(useStatus((status) => status.log.head))
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  const at = Math.min(head, wanted ?? head)
  const move = (offset: number): void => {
    if (offset >= head) returnToNow()
    else travelTo(db, Math.max(0, offset))
  }
  return (
    <div className="travel-slider">
      <label htmlFor={id}>
        Event <b>{formatCount(at)}</b> <small>of {formatCount(head)}</small>
      </label>
      <input
        ref={input}
        id={id}
        type="range"
        min={0}
        max={head}
        step={1}
        value={at}
        aria-valuetext={`event ${formatCount(at)} of ${formatCount(head)}`}
        onChange={({ target }) => move(Number(target.value))}
      />
    </div>
  )
}
