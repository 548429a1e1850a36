/** One view: state, checkpoint, lag, rate, events passed over, errors, and the buttons Rebuild and Verify with how they went. */
import { memo, type ReactNode } from 'react'
import { formatCount, formatShort } from '../format.ts'
import { Fault } from '../page/fault.tsx'
import { hrefOf } from '../route.ts'
import { memoryOf } from './memory-of.ts'
import { useViewStatus, type ViewStatus } from './use-view-status.ts'
import { useViewWork, type ViewWork } from './use-view-work.ts'

export function ViewRow({ name }: { readonly name: string }): ReactNode {
  const view = useViewStatus(name)
  return view && <ShownView view={view} />
}

const ShownView = memo(function ShownView({ view }: { readonly view: ViewStatus }): ReactNode {
  const { name } = view
  const work = useViewWork(name)
  return (
    <li className="view" data-state={view.state} aria-labelledby={`view-${name}`}>
      <div className="line">
        <h3>
          <a id={`view-${name}`} href={hrefOf({ page: 'room', within: ['view', name] })}>
            {name}
          </a>
        </h3>
        <span className="kind">{view.kind}</span>
        <span className="state">{view.state}</span>
      </div>
      <Progress view={view} work={work} />
      <div className="line">
        <Figures view={view} />
        <Buttons name={name} work={work} />
      </div>
      <Outcome work={work} />
      {view.error && <Fault error={view.error} />}
      {view.readError && <Fault error={view.readError} />}
      {view.checkpointError && <Fault error={view.checkpointError} />}
    </li>
  )
})

function Figures({ view }: { readonly view: ViewStatus }): ReactNode {
  const { checkpoint, lag, ratePerSecond, skipped, quarantined } = view
  const memory = memoryOf(view)
  return (
    <dl className="facts">
      <div>
        <dt>checkpoint</dt>
        <dd>{formatCount(checkpoint)}</dd>
      </div>
      <div>
        <dt>lag</dt>
        <dd>{formatCount(lag)}</dd>
      </div>
      <div>
        <dt>rate</dt>
        <dd>{formatShort(Math.round(ratePerSecond))}/s</dd>
      </div>
      {skipped > 0 && (
        <div title="Commits with events of a type that this build does not know: passed over">
          <dt>unknown</dt>
          <dd>{formatCount(skipped)}</dd>
        </div>
      )}
      {quarantined > 0 && (
        <div title="Commits with events that fail their schema in this build: passed over">
          <dt>quarantined</dt>
          <dd>{formatCount(quarantined)}</dd>
        </div>
      )}
      <div className="memory" title={memory.note}>
        <dt>memory</dt>
        <dd>{memory.value}</dd>
      </div>
    </dl>
  )
}

/** What runs now: work that was asked for, else catching up. Where nothing runs, how much of the log is folded. */
function Progress({ view, work }: { readonly view: ViewStatus; readonly work: ViewWork }): ReactNode {
  const { position, lag } = view
  const isQuiet = work.running === undefined && lag === 0 && view.state === 'live'
  const { done, total } = work.progress ?? view.progress ?? { done: position, total: position + lag }
  return (
    <progress
      data-quiet={isQuiet}
      aria-label={`${view.name}: ${work.running ?? 'folded'}`}
      value={total === 0 ? 1 : Math.min(1, done / total)}
    />
  )
}

function Outcome({ work: { running, outcome } }: { readonly work: ViewWork }): ReactNode {
  return (
    <output className="outcome" data-outcome={outcome?.type}>
      {running ? `${running}…` : outcome?.text}
    </output>
  )
}

function Buttons({ name, work }: { readonly name: string; readonly work: ViewWork }): ReactNode {
  const { running } = work
  return (
    <div className="work">
      <button
        type="button"
        className="small"
        aria-label={`Verify ${name}`}
        aria-disabled={running !== undefined}
        onClick={work.verify}
      >
        Verify
      </button>
      <button
        type="button"
        className="small"
        aria-label={`Rebuild ${name}`}
        aria-disabled={running !== undefined}
        onClick={work.rebuild}
      >
        Rebuild
      </button>
    </div>
  )
}
