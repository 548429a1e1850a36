/** What a log without events shows: how to begin. */
import { type ReactNode, useState } from 'react'
import { FileButton } from '../data/file-button.tsx'
import { GenerateDialog } from '../data/generate-dialog.tsx'
import { hrefOf } from '../route.ts'
import { Icon } from './icon.tsx'
import { Mark } from './mark.tsx'

export function EmptyPage(): ReactNode {
  const [isGenerating, setGenerating] = useState(false)
  return (
    <section className="empty">
      <Mark />
      <h1>The log is empty</h1>
      <p>
        This is an issue tracker on a database taken apart: everything that happens is an event in a log on
        this device, and everything you see is folded from it.
      </p>
      <div className="ways">
        <button type="button" className="way" onClick={() => setGenerating(true)}>
          <Icon name="generate" />
          <b>Generate a year</b>
          <span>1,000 to 100,000 events of a small team</span>
        </button>
        <FileButton className="way">
          <Icon name="import" />
          <b>Import a file</b>
          <span>Events as lines of JSON, here or dropped anywhere</span>
        </FileButton>
        <a className="way" href={hrefOf({ issue: 'new' })}>
          <Icon name="plus" />
          <b>Open an issue</b>
          <span>And watch the log and its views follow</span>
        </a>
      </div>
      {isGenerating && <GenerateDialog onClose={() => setGenerating(false)} />}
    </section>
  )
}
