// Every figure, in the order in which it is measured: quick ones first.
import { appendFigures } from './appends.mjs'
import { liveFigures } from './live.mjs'
import { logFigures } from './log.mjs'
import { openFigures } from './open.mjs'
import { rebuildFigures } from './rebuild.mjs'
import { respondFigures } from './respond.mjs'
import { searchFigures } from './search.mjs'
import { syncFigures } from './sync.mjs'

/** @param {import('../runner/options.mjs').Size} size @returns {readonly import('../runner/figure.mjs').Figure[]} */
export function allFigures(size) {
  return [
    ...logFigures(size),
    ...appendFigures(size),
    ...rebuildFigures(size),
    ...liveFigures(size),
    ...syncFigures(size),
    ...searchFigures(size),
    ...respondFigures(size),
    ...openFigures(size),
  ]
}
