/** What came of a run: the answer that came true beside the one that was predicted, and the measured figures. */
import type { ReactNode } from 'react'
import type { Experiment, Outcome } from './experiment.ts'
import type { Run } from './use-run.ts'

interface OutcomeProps {
  readonly experiment: Experiment
  readonly run: Run
}

/** There from the start, so that its coming is told to screen readers. */
export function OutcomePart({ experiment, run }: OutcomeProps): ReactNode {
  const isDone = run.phase === 'done'
  return (
    <section className="experiment-outcome" aria-label="Outcome" hidden={!isDone}>
      <output>{isDone && <Verdict {...run} choices={experiment.choices} />}</output>
      {isDone && <Measured outcome={run.outcome} />}
    </section>
  )
}

interface VerdictProps extends Pick<Experiment, 'choices'> {
  readonly outcome: Outcome
  readonly predicted: string | undefined
}

function Verdict({ outcome: { answer, summary }, predicted, choices }: VerdictProps): ReactNode {
  const came = answer === undefined ? 'None of the answers came true.' : choices[answer]
  const verdict = predicted === undefined ? 'open' : predicted === answer ? 'right' : 'wrong'
  return (
    <>
      <strong className="verdict" data-verdict={verdict}>
        {VERDICTS[verdict]}
      </strong>
      <span className="came">{came}</span>
      <span>{summary}</span>
    </>
  )
}

const VERDICTS = {
  right: 'As you said.',
  wrong: 'It came otherwise.',
  open: 'What came true:',
} as const

function Measured({ outcome: { figures, table } }: { readonly outcome: Outcome }): ReactNode {
  return (
    <>
      {figures.length > 0 && (
        <dl className="measured">
          {figures.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {table && <Comparison table={table} />}
    </>
  )
}

function Comparison({ table }: { readonly table: NonNullable<Outcome['table']> }): ReactNode {
  const { caption, columns, rows } = table
  return (
    <table className="comparison">
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, ...cells]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {cells.map((cell, at) => (
              <td key={columns[at + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
