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
  issues: 'M2.5 3.5h1m2.5 0h7.5m-11 4.5h1M6 8h7.5m-11 4.5h1m2.5 0h7.5',
  board: 'M2.5 3h3v10h-3zM6.5 3h3v6h-3zM10.5 3h3v8h-3z',
  numbers: 'M3 13.5V9m3.5 4.5V3M10 13.5V6.5m3.5 7V5',
  room: 'M2 3h4.5v3H2zM9.5 10H14v3H9.5zM4.2 6v5.5h5.3',
  experiments: 'M6 2h4M6.7 2v4.2L3 13h10L9.3 6.2V2M5 10h6',
  light:
    'M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 1.5v1.5m0 10v1.5M1.5 8H3m10 0h1.5M3.4 3.4l1.1 1.1m7 7 1.1 1.1m0-9.2-1.1 1.1m-7 7-1.1 1.1',
  dark: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5Z',
  system: 'M2 3h12v8H2zM5.5 13.5h5',
  pause: 'M5.5 3.5v9m5-9v9',
  resume: 'M5 3v10l8-5-8-5Z',
  command: 'M4 5l3 3-3 3m4.5 0H12',
  sync: 'M13 6.5A5.2 5.2 0 0 0 3.6 5M3 9.5A5.2 5.2 0 0 0 12.4 11M3.2 2.5v2.7h2.7M12.8 13.5v-2.7h-2.7',
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
