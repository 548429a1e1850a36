/** The issues as a board: a column per status. */
import type { ReactNode } from 'react'

export function BoardPage(): ReactNode {
  return <h1>Board</h1>
}
