/**
 * Time travel: a button for the header, and a bar with a slider over the log. While the page shows the past it is framed and
 * says so. The live views go on meanwhile; nothing that the past shows can be changed.
 */
import '../style/travel.css'
import type { ReactNode } from 'react'
import { LatePart } from '../page/late-part.tsx'
import { lazyPlace } from '../page/lazy-place.ts'
import { closeTravel, openTravel } from './past/moments.ts'
import { useTravel } from './past/use-travel.ts'

const TravelBar = lazyPlace('Time travel', async () => (await import('./past/travel-bar.tsx')).TravelBar)

export function TimeTravelButton(): ReactNode {
  const { isOpen } = useTravel()
  return (
    <button
      type="button"
      className="quiet travel-button"
      aria-pressed={isOpen}
      aria-label="Time travel"
      title="Time travel: the page as of any event"
      onClick={isOpen ? closeTravel : openTravel}
    >
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M2.5 8a5.5 5.5 0 1 0 1.6-3.9M2.5 2.5v3h3M8 5v3l2 1.5" />
      </svg>
      <span>Time travel</span>
    </button>
  )
}

/** Mounted once, above the page's content. */
export function TimeTravel(): ReactNode {
  const { isOpen, shown } = useTravel()
  if (!isOpen) return null
  return (
    <>
      {shown && <div className="past-frame" aria-hidden="true" />}
      <LatePart coming={null}>
        <TravelBar />
      </LatePart>
    </>
  )
}
