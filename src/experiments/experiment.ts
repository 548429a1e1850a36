/**
 * What an experiment is: a question, answers to choose from before it is tried, and a run that does it on the real engine and
 * says which answer came true. The answer is computed from what was measured, never written down beforehand.
 */
import type { Stage } from './stage.ts'

/** The ideas of data systems that experiments show. */
export type Idea =
  | 'Derived data'
  | 'Batch and stream as one pipeline'
  | 'End-to-end correctness'
  | 'Idempotence'
  | 'Timeliness and integrity'
  | 'Agreement without coordination'
  | 'Schema evolution'
  | 'Portability'

/** What an experiment is written as; `Choice` are the names of its answers. */
export interface ExperimentText<Choice extends string> {
  /** Its place in the address: `#/experiments/three-views`. */
  readonly slug: string
  readonly title: string
  readonly idea: Idea
  /** What is set up, in a few sentences. */
  readonly story: string
  readonly question: string
  /** Answers by name, in the order in which they are shown. */
  readonly choices: Readonly<Record<Choice, string>>
  /** What the button says: `Kill the worker`. */
  readonly act: string
  /** What to take home, shown with the outcome. */
  readonly lesson: string
  /** Where the book treats it. */
  readonly chapter: string
  readonly run: (stage: Stage) => Promise<Outcome<NoInfer<Choice>>>
}

/** One as the page holds it: which names its answers have is its own affair. */
export type Experiment = ExperimentText<string>

/** What came of a run. */
export interface Outcome<Choice extends string = string> {
  /** The answer that came true; nothing where none of them did. */
  readonly answer: Choice | undefined
  /** What happened, in one or two sentences with the measured numbers. */
  readonly summary: string
  readonly figures: readonly Figure[]
  readonly table?: OutcomeTable
}

/** A measured number and what it is. */
export interface Figure {
  readonly name: string
  readonly value: string
}

/** Figures that are to be compared. */
export interface OutcomeTable {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Declares an experiment; its run may answer only with its own choices. */
export function defineExperiment<const Choice extends string>(text: ExperimentText<Choice>): Experiment {
  return text
}
