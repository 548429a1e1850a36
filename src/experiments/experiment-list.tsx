/** The twelve as cards, with what each shows and how far the visitor has come; before them a short way for newcomers. */
import { type ReactNode, useSyncExternalStore } from 'react'
import { hrefOf } from '../route.ts'
import type { Experiment } from './experiment.ts'
import { getProgress, type Progress, subscribeToProgress } from './progress.ts'
import { numberOf, SHORT_WAY, TWELVE } from './twelve.ts'

/** `unknown` is the name in the address that no experiment has. */
export function ExperimentList({ unknown }: { readonly unknown: string | undefined }): ReactNode {
  const progress = useSyncExternalStore(subscribeToProgress, getProgress)
  return (
    <>
      <header className="experiments-head">
        <h1>Experiments</h1>
        {unknown !== undefined && <p className="fault">There is no experiment called “{unknown}”.</p>}
        <p className="lead">
          Twelve claims about data systems, each tried before your eyes on the real engine: in a database of
          its own, which is deleted afterwards. Say first what you expect.
        </p>
        <Score progress={progress} />
      </header>
      <ShortWay progress={progress} />
      <section aria-labelledby="all-heading">
        <h2 id="all-heading">All twelve</h2>
        <ol className="claims">
          {TWELVE.map((experiment) => (
            <Card key={experiment.slug} experiment={experiment} progress={progress} />
          ))}
        </ol>
      </section>
      <p className="hint">
        Where to read on is said in chapters of Martin Kleppmann’s “Designing Data-Intensive Applications”,
        counted as in its first edition. The words here are ours.
      </p>
    </>
  )
}

interface ProgressProps {
  readonly progress: Progress
}

function Score({ progress }: ProgressProps): ReactNode {
  const done = TWELVE.filter(({ slug }) => progress[slug] !== undefined)
  const right = done.filter(({ slug }) => progress[slug]?.predicted === 'right')
  if (done.length === 0) return null
  return (
    <p className="score">
      <b>{done.length}</b> of {TWELVE.length} done, <b>{right.length}</b> predicted right.
    </p>
  )
}

function ShortWay({ progress }: ProgressProps): ReactNode {
  return (
    <section className="short-way" aria-labelledby="short-heading">
      <h2 id="short-heading">Five minutes?</h2>
      <p>Do these four, in this order.</p>
      <ol>
        {SHORT_WAY.map(([question, experiment]) => (
          <li key={experiment.slug} data-done={progress[experiment.slug] !== undefined}>
            <a href={placeOf(experiment)}>
              <span>{question}</span> <b>{experiment.title}</b>
            </a>
          </li>
        ))}
      </ol>
    </section>
  )
}

interface CardProps extends ProgressProps {
  readonly experiment: Experiment
}

function Card({ experiment, progress }: CardProps): ReactNode {
  const { slug, title, idea, question } = experiment
  const state = progress[slug]
  return (
    <li className="claim" data-done={state !== undefined}>
      <p className="idea">
        {numberOf(experiment)} · {idea}
      </p>
      <h3>
        <a href={placeOf(experiment)}>{title}</a>
      </h3>
      <p className="question">{question}</p>
      <p className="claim-state" data-predicted={state?.predicted}>
        {state === undefined ? 'Not tried yet' : STATES[state.predicted ?? 'none']}
      </p>
    </li>
  )
}

const STATES = {
  right: 'Done, predicted right',
  wrong: 'Done, it came otherwise',
  none: 'Done',
} as const

const placeOf = ({ slug }: Experiment): string => hrefOf({ page: 'experiments', within: [slug] })
