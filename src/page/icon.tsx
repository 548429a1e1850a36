/** The few icons of the page, drawn on a grid of 16. Decoration only: what they mean is said by the control. */
import type { ReactNode } from 'react'

const PATHS = {
  plus: 'M8 3v10M3 8h10',
  cross: 'm4 4 8 8m0-8-8 8',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14',
  back: 'M9.5 3 4.5 8l5 5',
  open: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-4.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z',
  closed: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.5 8.2l1.8 1.8 3.2-3.6',
  comment: 'M2.5 3.5h11v8h-6l-3 2.5v-2.5h-2v-8Z',
  generate: 'M8.5 2 4 9h4l-.5 5L12 7H8l.5-5Z',
  import: 'M8 2v8m0 0L5 7m3 3 3-3M2.5 13.5h11',
  export: 'M8 10V2m0 0L5 5m3-3 3 3M2.5 13.5h11',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
