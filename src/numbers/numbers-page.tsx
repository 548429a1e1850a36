/** The issues in numbers: every figure is an aggregate that is kept up to date, none is computed here from rows. */
import type { ReactNode } from 'react'
import { AgeSection } from './age-section.tsx'
import { PeopleSection } from './people-section.tsx'
import { Tiles } from './tiles.tsx'
import { WeekSection } from './week-section.tsx'

export function NumbersPage(): ReactNode {
  return (
    <div className="numbers">
      <h1>Numbers</h1>
      <Tiles />
      <WeekSection />
      <div className="side-by-side">
        <PeopleSection />
        <AgeSection />
      </div>
    </div>
  )
}
