// Results as a table for people and as a file for programs.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** @typedef {import('./figure.mjs').Result} Result */

const heads = ['figure', 'by hand', 'Headwater', 'ratio', 'target', '']
const widths = [78, 20, 20, 20, 12, 7]

/** @returns {string} */
export function tableHead() {
  return `${line(heads)}\n${'-'.repeat(widths.reduce((sum, width) => sum + width + 1, 0))}`
}

/** @param {Result} result @returns {string} */
export function resultToLine({ id, row, hand, headwater, ratio, verdict }) {
  const spread = ratio && `${fixed(ratio.median)} (${fixed(ratio.low)}–${fixed(ratio.high)})`
  return line([
    `${id} ${row.title}`,
    sideToText(hand, row.unit),
    sideToText(headwater, row.unit),
    spread ?? '',
    targetToText(row.target),
    verdict === 'informs' ? '' : verdict,
  ])
}

/** @param {readonly string[]} cells */
function line(cells) {
  return cells
    .map((cell, place) => cell.padEnd(widths[place] ?? 0))
    .join(' ')
    .trimEnd()
}

/** @param {import('./statistics.mjs').Side | undefined} side @param {import('./figure.mjs').Row['unit']} unit */
function sideToText(side, unit) {
  if (side === undefined) return ''
  if (unit === 'events/s') return `${(side.median / 1_000).toFixed(0)} k/s`
  if (unit === 'MiB') return `${side.median.toFixed(0)} MiB`
  return `${fixed(side.median)} ms, p95 ${fixed(side.p95)}`
}

/** @param {import('./figure.mjs').Target | undefined} target */
function targetToText(target) {
  if (target === undefined) return ''
  if ('ratioAtLeast' in target) return `≥ ${target.ratioAtLeast}`
  if ('ratioAtMost' in target) return `≤ ${target.ratioAtMost}`
  return `${target.of === 'median' ? '' : `${target.of} `}≤ ${target.atMost}`
}

/** @param {number} value */
function fixed(value) {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)
}

/** @param {string} path @param {object} content */
export function writeReport(path, content) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`)
}
