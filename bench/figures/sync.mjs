// k, l: what replication costs. A fresh device takes 100,000 events from a hub on loopback, stored and folded, beside
// importing the same events from a file; and the bytes alone: events written, sent, taken and folded into rows, beside
// plain events as JSON text.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, serveProcess } from '../../test/hub/hub-process.ts'

/**
 * @typedef {import('../runner/options.mjs').Size} Size
 * @typedef {import('../runner/figure.mjs').Figure} Figure
 */

const COMMIT_EVENTS = 1_000
const workspace = 'bench'

/** @param {Size} size @returns {Figure} */
function hubFigure(size) {
  const { seed, events } = size
  /** @type {{ readonly url: string, stop(): Promise<void> } | undefined} */
  let hub
  return {
    id: 'k',
    sides: ['hand', 'headwater'],
    rounds: 3,
    rows: [
      {
        key: 'ms',
        title: `${events} events through a hub into a fresh device, stored and folded, beside importing them`,
        unit: 'ms',
        target: { ratioAtMost: 4 },
      },
    ],
    async prepare(lab, side) {
      if (side === 'hand') return
      hub = await startHub()
      await lab.clear('sync-source')
      await lab.sample('sync-source', 'sync/fill', { url: hub.url, workspace, seed, events })
      await lab.clear('sync-source')
    },
    async sample(lab, side) {
      const site = `sync-${side}`
      await lab.clear(site)
      const { ms } = await lab.sample(site, side === 'hand' ? 'sync/import' : 'sync/receive', {
        url: hub?.url,
        workspace,
        seed,
        events,
      })
      await lab.clear(site)
      return { ms }
    },
    finish: () => hub?.stop() ?? Promise.resolve(),
  }
}

/** A hub in a process and a folder of its own. */
async function startHub() {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-bench-hub-'))
  const hub = await serveProcess(folder, await freePort(), ['--origin', '*', '--log-level', 'error'])
  return {
    url: hub.url,
    async stop() {
      hub.child.kill('SIGTERM')
      await hub.exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** @param {Size} size @returns {Figure} */
function bytesFigure(size) {
  /** @type {number | undefined} */
  let sum
  return {
    id: 'l',
    sides: ['hand', 'headwater'],
    rows: [
      {
        key: 'ms',
        title: `write, send, take and fold ${size.events} events in memory, beside plain events`,
        unit: 'ms',
        target: { ratioAtMost: 1.5 },
      },
      { key: 'takenMs', title: '… of that, until the receiver’s log holds them', unit: 'ms' },
    ],
    async sample(lab, side) {
      const options = { seed: size.seed, events: size.events, commitEvents: COMMIT_EVENTS }
      const sent = await lab.sample('exchange', `exchange/${side}`, options)
      sum ??= sent.sum
      if (sent.sum !== sum) throw new Error('the two sides end with different rows')
      return { ms: sent.ms, takenMs: sent.takenMs }
    },
  }
}

/** @param {Size} size @returns {readonly Figure[]} */
export function syncFigures(size) {
  return [bytesFigure(size), hubFigure(size)]
}
