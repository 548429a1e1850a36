/** The twelve experiments in their order, and the short way through them for who has five minutes. */
import type { Experiment } from './experiment.ts'
import { importTwice } from './runs/import-twice.ts'
import { killedWorker } from './runs/killed-worker.ts'
import { lateOrStale } from './runs/late-or-stale.ts'
import { mendedFold } from './runs/mended-fold.ts'
import { newQuestion } from './runs/new-question.ts'
import { noSnapshots } from './runs/no-snapshots.ts'
import { oldFormat } from './runs/old-format.ts'
import { poisonEvent } from './runs/poison-event.ts'
import { takeYourData } from './runs/take-your-data.ts'
import { textMerging } from './runs/text-merging.ts'
import { threeViews } from './runs/three-views.ts'
import { twoDevices } from './runs/two-devices.ts'

export const TWELVE: readonly Experiment[] = [
  threeViews,
  mendedFold,
  newQuestion,
  killedWorker,
  importTwice,
  poisonEvent,
  lateOrStale,
  twoDevices,
  textMerging,
  oldFormat,
  noSnapshots,
  takeYourData,
]

/** One for each question that a newcomer has, with that question. */
export const SHORT_WAY: readonly (readonly [question: string, experiment: Experiment])[] = [
  ['What is the truth, what is derived?', threeViews],
  ['What if the code was wrong?', mendedFold],
  ['What if a part dies?', killedWorker],
  ['What if two write at once?', twoDevices],
]

/** From 1. */
export const numberOf = (experiment: Experiment): number => TWELVE.indexOf(experiment) + 1
