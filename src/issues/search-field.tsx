/** The field to search in. Typing only sets state; the answer comes when it comes. */
import type { KeyboardEvent, ReactNode } from 'react'
import { useTracker } from '../database.ts'
import { Icon } from '../page/icon.tsx'
import { makeIndex, useIndexMaking } from './search-index.ts'

interface SearchFieldProps {
  readonly text: string
  readonly onText: (text: string) => void
}

export function SearchField({ text, onText }: SearchFieldProps): ReactNode {
  const db = useTracker()
  const making = useIndexMaking()
  const clear = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || text === '') return
    event.preventDefault()
    onText('')
  }
  return (
    <search className="search">
      <Icon name="search" />
      <input
        id="search"
        type="search"
        aria-label="Search issues"
        placeholder={making ?? 'Search issues'}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={text}
        onFocus={() => void makeIndex(db)}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={clear}
      />
      <span className="key" aria-hidden="true">
        /
      </span>
    </search>
  )
}
