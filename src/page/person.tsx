/** A person as a small disc with initials, the name beside it or for screen readers only. */
import type { ReactNode } from 'react'
import { hueOf, initialsOf } from '../people.ts'

interface PersonProps {
  readonly name: string
  readonly withName?: boolean
}

export function Person({ name, withName = false }: PersonProps): ReactNode {
  return (
    <span className="person">
      <span className="avatar" style={{ '--hue': hueOf(name) }} aria-hidden="true">
        {initialsOf(name)}
      </span>
      <span className={withName ? undefined : 'sr-only'}>{name}</span>
    </span>
  )
}
