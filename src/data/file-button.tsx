/** A button that lets a file be chosen, and imports it. */
import { type ChangeEvent, type ReactNode, useRef } from 'react'
import { useTracker } from '../database.ts'
import { importFile } from './import-file.ts'

/** Names that files of events have. */
export const EVENT_FILES = '.ndjson,.jsonl,.json,.txt'

interface FileButtonProps {
  readonly className: string
  readonly children: ReactNode
}

export function FileButton({ className, children }: FileButtonProps): ReactNode {
  const db = useTracker()
  const input = useRef<HTMLInputElement>(null)
  const choose = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const file = target.files?.[0]
    // Emptied, so that the same file can be chosen again.
    if (file !== undefined) void importFile(db, file, 'stop')
    target.value = ''
  }
  return (
    <>
      <button type="button" className={className} onClick={() => input.current?.click()}>
        {children}
      </button>
      <input
        ref={input}
        hidden
        type="file"
        aria-label="File of events"
        accept={EVENT_FILES}
        onChange={choose}
      />
    </>
  )
}
