/** One view: how it fares now and fared over the last minutes, what can be done to it, and the first of its rows. */
import type { ReactNode } from 'react'
import { useTracker } from '../../database.ts'
import { Fault } from '../../page/fault.tsx'
import { Icon } from '../../page/icon.tsx'
import { hrefOf } from '../../route.ts'
import { parentsOf } from '../parents.ts'
import { useViewStatus, type ViewStatus } from '../use-view-status.ts'
import { useViewWork } from '../use-view-work.ts'
import { childrenOf, isViewName, type ViewName } from '../view-name.ts'
import { ViewControls } from './view-controls.tsx'
import { ViewEntries } from './view-entries.tsx'
import { ViewFigures } from './view-figures.tsx'
import { ViewPast } from './view-past.tsx'

const SAYS: Readonly<Record<ViewStatus['kind'], string>> = {
  table: 'A table: rows by key. Its fold takes the row as it was and an event, and returns the row as it is.',
  aggregate:
    'An aggregate: numbers by group, kept from the changed rows of its table. Nothing is counted again.',
  search:
    'A full-text index over the rows of its table. It follows at its own pace: late at times, never wrong.',
  documents: 'Documents that several people edit at once. Every update is an event; folding merges them.',
}

export function ViewPage({ name }: { readonly name: string }): ReactNode {
  const view = useViewStatus(name)
  if (view === undefined || !isViewName(name)) return <NoView name={name} />
  return (
    <>
      <ViewPanel name={name} view={view} />
      <ViewEntries name={name} />
    </>
  )
}

function ViewPanel({ name, view }: { readonly name: ViewName; readonly view: ViewStatus }): ReactNode {
  const work = useViewWork(name)
  const { kind, state, error, readError, checkpointError } = view
  return (
    <section className="panel view-page" aria-labelledby="view-heading" data-state={state}>
      <header>
        <BackLink />
        <div className="line">
          <h2 id="view-heading">{name}</h2>
          <span className="kind">{kind}</span>
          <span className="state">{state}</span>
        </div>
        <p>{SAYS[kind]}</p>
        <Kin name={name} />
      </header>
      {error && <Fault error={error} />}
      {readError && <Fault error={readError} />}
      {checkpointError && <Fault error={checkpointError} />}
      <ViewFigures view={view} />
      <ViewPast name={name} kind={kind} />
      <ViewControls view={view} work={work} />
    </section>
  )
}

function BackLink(): ReactNode {
  return (
    <a className="room-back" href={hrefOf({ page: 'room' })}>
      <Icon name="back" /> Dataflow
    </a>
  )
}

/** What it is derived from, and what is derived from it. */
function Kin({ name }: { readonly name: ViewName }): ReactNode {
  const parents = parentsOf(useTracker().definition.views[name])
  const children = childrenOf(name)
  return (
    <p className="kin">
      Folded from {parents.length === 0 ? <LogLink /> : <Links names={parents} />}
      {children.length > 0 && (
        <>
          . Derived from it: <Links names={children} />
        </>
      )}
      .
    </p>
  )
}

const LogLink = (): ReactNode => <a href={hrefOf({ page: 'room', within: ['log'] })}>the log</a>

function Links({ names }: { readonly names: readonly string[] }): ReactNode {
  return names.map((name, at) => (
    <span key={name}>
      {at > 0 && ', '}
      <a href={hrefOf({ page: 'room', within: ['view', name] })}>{name}</a>
    </span>
  ))
}

function NoView({ name }: { readonly name: string }): ReactNode {
  return (
    <section className="panel">
      <BackLink />
      <h2>There is no view “{name}”</h2>
    </section>
  )
}
