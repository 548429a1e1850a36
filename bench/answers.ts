/**
 * What both sides of the rebuild are asked afterwards, and the text that their answers are compared by: if it differs,
 * one of the sides did not do the work.
 */
import type { Issue } from './fold.ts'
import { issueId } from './stream.ts'

/** Answers of one side. Groups ascending; rows by id only, but for those that are asked for whole. */
export interface Answers {
  readonly rows: number
  readonly open: number
  /** The first 50 open issues by the index (status, opened at). */
  readonly firstOpen: readonly string[]
  readonly whole: readonly (Issue | undefined)[]
  /** How many events made these rows. */
  readonly histories: readonly number[]
  readonly byStatus: readonly (readonly [string, number, number])[]
  readonly byAssignee: readonly (readonly [string, number, number])[]
}

/** Ids that are asked for whole and for their history. */
export const ASKED_IDS: readonly string[] = [0, 7, 100, 1_234, 2_900].map(issueId)

/** Rows as text with their members in order, since sides may keep them in any. */
export function answersToText(answers: Answers): string {
  const whole = answers.whole.map((row) => row && Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
  return JSON.stringify({ ...answers, whole })
}
