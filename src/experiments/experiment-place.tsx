/** One experiment on its page: the story, the prediction, the button, what happened, what came of it and what it shows. */
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Fault } from '../page/fault.tsx'
import { Icon } from '../page/icon.tsx'
import { hrefOf } from '../route.ts'
import type { Experiment } from './experiment.ts'
import { ExperimentCode } from './experiment-code.tsx'
import { OutcomePart } from './outcome-part.tsx'
import { Prediction } from './prediction.tsx'
import { Steps } from './steps.tsx'
import { numberOf, TWELVE } from './twelve.ts'
import { useRun } from './use-run.ts'

interface Props {
  readonly experiment: Experiment
}

export function ExperimentPlace({ experiment }: Props): ReactNode {
  const { story, lesson, chapter, idea } = experiment
  const [chosen, choose] = useState<string>()
  const { run, start, stop } = useRun(experiment)
  return (
    <article className="experiment">
      <Head experiment={experiment} />
      <p className="lead">{story}</p>
      <Prediction {...{ experiment, chosen, choose, start, stop }} isRunning={run.phase === 'running'} />
      {run.phase !== 'idle' && <Steps steps={run.steps} isRunning={run.phase === 'running'} />}
      {run.phase === 'failed' && <Fault what={experiment.title} error={run.error} />}
      <OutcomePart experiment={experiment} run={run} />
      {run.phase === 'done' && (
        <section className="lesson" aria-labelledby="lesson-heading">
          <h2 id="lesson-heading">{idea}</h2>
          <p>{lesson}</p>
          <p className="hint">Designing Data-Intensive Applications, {chapter}</p>
        </section>
      )}
      <ExperimentCode slug={experiment.slug} />
      <Neighbours experiment={experiment} />
    </article>
  )
}

function Head({ experiment }: Props): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // Whoever came by the link to the next one stands at the end of a page that is gone.
    if (document.activeElement === document.body) heading.current?.focus()
  }, [])
  return (
    <header className="experiment-head">
      <a className="back" href={hrefOf({ page: 'experiments' })}>
        <Icon name="back" /> Experiments
      </a>
      <p className="idea">
        {numberOf(experiment)} of {TWELVE.length} · {experiment.idea}
      </p>
      <h1 ref={heading} tabIndex={-1}>
        {experiment.title}
      </h1>
    </header>
  )
}

function Neighbours({ experiment }: Props): ReactNode {
  const at = TWELVE.indexOf(experiment)
  const [before, after] = [TWELVE[at - 1], TWELVE[at + 1]]
  return (
    <nav className="other-experiments" aria-label="Other experiments">
      {before && (
        <a href={hrefOf({ page: 'experiments', within: [before.slug] })} rel="prev">
          <span>Before</span> {before.title}
        </a>
      )}
      {after && (
        <a href={hrefOf({ page: 'experiments', within: [after.slug] })} rel="next">
          <span>Next</span> {after.title}
        </a>
      )}
    </nav>
  )
}
