/** What one can do to a view, each with what will come of it. Nothing here can lose anything: the log is elsewhere. */
import type { ReactNode } from 'react'
import { isBreakable } from '../break/breakable.ts'
import { useIsBroken } from '../break/switches.ts'
import type { ViewStatus } from '../use-view-status.ts'
import type { ViewWork } from '../use-view-work.ts'

interface ControlsProps {
  readonly view: ViewStatus
  readonly work: ViewWork
}

export function ViewControls({ view, work }: ControlsProps): ReactNode {
  const { running, outcome, progress } = work
  return (
    <div className="controls">
      <h3>What one can do to it</h3>
      <p className="controls-outcome">
        <output className="outcome" data-outcome={outcome?.type}>
          {running ? `${running}…` : outcome?.text}
        </output>
        {running && progress && (
          <progress aria-label={running} value={Math.min(1, progress.done / Math.max(1, progress.total))} />
        )}
      </p>
      <ul>
        {view.state === 'paused' ? (
          <Control label="Resume" act={work.resume} work={work}>
            It folds what came meanwhile, and is live again.
          </Control>
        ) : (
          <Control label="Pause" act={work.pause} work={work}>
            It stands where it is and answers from there, marked as stale. The others go on.
          </Control>
        )}
        <Control label="Verify" act={work.verify} work={work}>
          Folds the whole log again on the side, and compares every entry.
        </Control>
        <Control label="Rebuild" act={work.rebuild} work={work}>
          Folds it anew from the log. The old state answers until the new one is whole.
        </Control>
        <Control label="Drop its snapshot" act={work.dropSnapshot} work={work}>
          Deletes what is stored of it. It costs time, never data.
        </Control>
        {isBreakable(view) && <BreakControl name={view.name} work={work} />}
      </ul>
      {!isBreakable(view) && (
        <p className="hint">It runs no code of the app, so there is no fold of the app's to break.</p>
      )}
    </div>
  )
}

function BreakControl({ name, work }: { readonly name: string; readonly work: ViewWork }): ReactNode {
  const isBroken = useIsBroken(name)
  return isBroken ? (
    <Control label="Mend it" act={work.mend} work={work}>
      Takes the fault out of its fold, and rebuilds it from the log.
    </Control>
  ) : (
    <Control label="Break it" act={work.breakFold} work={work} isDangerous>
      Its fold throws at the next event, in this tab, as a bug would. See who suffers, and who does not.
    </Control>
  )
}

interface ControlProps {
  readonly label: string
  readonly act: () => void
  readonly work: ViewWork
  readonly isDangerous?: boolean
  readonly children: ReactNode
}

function Control({ label, act, work, isDangerous = false, children }: ControlProps): ReactNode {
  return (
    <li>
      <button
        type="button"
        className={isDangerous ? 'quiet danger' : 'quiet'}
        aria-disabled={work.running !== undefined}
        onClick={act}
      >
        {label}
      </button>
      <span>{children}</span>
    </li>
  )
}
