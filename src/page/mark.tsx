/** The mark: a spring, and the streams that run from it. */
import type { ReactNode } from 'react'

export function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="4.5" cy="12" r="2.5" fill="currentColor" />
      <path
        d="M8.5 12H21M7.8 9.6C11 7 13 5.5 21 5.5M7.8 14.4c3.2 2.6 5.2 4.1 13.2 4.1"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  )
}
