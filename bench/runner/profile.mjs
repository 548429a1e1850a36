// CPU profiles of the workers of a page, from their first line on, and the functions in which they spent their time.
// A worker is a target of its own: it is attached to while it waits to start.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const INTERVAL_US = 200
const LINES = 30

/**
 * @typedef {object} Profile As the protocol has it.
 * @property {readonly { readonly id: number, readonly callFrame: { readonly functionName: string, readonly url: string, readonly lineNumber: number } }[]} nodes
 * @property {readonly number[]} [samples]
 * @property {readonly number[]} [timeDeltas]
 */

/**
 * Takes one Headwater sample of a figure with its workers profiled, saves the profiles and says where the time went.
 * @param {import('./figure.mjs').Figure} figure
 * @param {import('./lab.mjs').Lab} lab
 * @param {string} folder
 * @returns {Promise<string>}
 */
export async function profileFigure(figure, lab, folder) {
  await figure.prepare?.(lab, 'headwater')
  /** @type {string[]} */
  const lines = []
  const profiled = {
    ...lab,
    open: async (/** @type {string} */ site) => {
      const opened = await lab.open(site)
      const profiling = await profileWorkers(opened.page)
      const close = async () => {
        for (const { name, profile } of await profiling.stop()) {
          const path = `${folder}bench-${figure.id}-${lines.length}.cpuprofile`
          saveProfile(path, profile)
          lines.push(`${figure.id}: ${name.split('/').at(-1)}, saved as ${path}`, ...topLines(profile))
        }
        await opened.close()
      }
      return { ...opened, close }
    },
  }
  const sample = await figure.sample({ ...profiled, sample: sampleOn(profiled) }, 'headwater', 0)
  await figure.finish?.(lab)
  return [...lines, JSON.stringify(sample).slice(0, 200)].join('\n')
}

/** @param {{ open: import('./lab.mjs').Lab['open'] }} lab @returns {import('./lab.mjs').Lab['sample']} */
function sampleOn(lab) {
  return async (site, side, options) => {
    const page = await lab.open(site)
    try {
      return await page.run(side, options)
    } finally {
      await page.close()
    }
  }
}

/** @param {Profile} profile */
function topLines(profile) {
  return topFunctions(profile)
    .slice(0, LINES)
    .map(
      ({ where, ms, share }) =>
        `  ${ms.toFixed(0).padStart(7)} ms ${(share * 100).toFixed(1).padStart(5)} %  ${where}`,
    )
}

/**
 * Profiles the workers that a page starts from now on.
 * @param {import('playwright').Page} page
 * @returns {Promise<{ stop(): Promise<readonly { readonly name: string, readonly profile: Profile }[]> }>}
 */
async function profileWorkers(page) {
  const session = await page.context().newCDPSession(page)
  /** @type {(method: any, params?: any) => Promise<any>} */
  const sendToPage = (method, params) => session.send(method, params)
  const workers = [{ name: 'page', send: sendToPage }]
  await startProfiler(sendToPage)
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    const send = sender(session, sessionId)
    workers.push({ name: targetInfo.url, send })
    void startProfiler(send)
  })
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: false,
  })
  return {
    async stop() {
      const answers = workers.map(async ({ name, send }) => ({
        name,
        profile: (await send('Profiler.stop'))?.profile,
      }))
      // A worker that has ended, or whose profiler never started, has no profile.
      return (await Promise.all(answers)).filter(({ profile }) => profile !== undefined)
    },
  }
}

/** @param {(method: string, params?: object) => Promise<any>} send */
async function startProfiler(send) {
  await send('Profiler.enable')
  await send('Profiler.setSamplingInterval', { interval: INTERVAL_US })
  await send('Profiler.start')
  await send('Runtime.runIfWaitingForDebugger')
}

/**
 * Commands to one worker, whose answers come back through the page's session; undefined from one that has ended.
 * @param {import('playwright').CDPSession} session
 * @param {string} sessionId
 * @returns {(method: string, params?: object) => Promise<any>}
 */
function sender(session, sessionId) {
  /** @type {Map<number, (result: unknown) => void>} */
  const waiting = new Map()
  let last = 0
  session.on('Target.detachedFromTarget', (event) => {
    if (event.sessionId === sessionId) for (const resolve of waiting.values()) resolve(undefined)
  })
  session.on('Target.receivedMessageFromTarget', (event) => {
    if (event.sessionId !== sessionId) return
    const { id, result } = JSON.parse(event.message)
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  return (method, params = {}) =>
    new Promise((resolve) => {
      const id = ++last
      waiting.set(id, resolve)
      session
        .send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) })
        .catch(() => resolve(undefined))
    })
}

/** @param {string} path @param {Profile} profile */
function saveProfile(path, profile) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(profile))
}

/**
 * Functions by the time spent in themselves, most first.
 * @param {Profile} profile
 * @returns {readonly { readonly where: string, readonly ms: number, readonly share: number }[]}
 */
function topFunctions({ nodes, samples = [], timeDeltas = [] }) {
  const names = new Map(
    nodes.map(({ id, callFrame }) => [
      id,
      `${callFrame.functionName || '(anonymous)'} ${callFrame.url.split('/').at(-1) ?? ''}:${callFrame.lineNumber + 1}`,
    ]),
  )
  /** @type {Map<string, number>} */
  const selfUs = new Map()
  samples.forEach((id, place) => {
    const name = names.get(id) ?? ''
    selfUs.set(name, (selfUs.get(name) ?? 0) + (timeDeltas[place] ?? 0))
  })
  const busyUs = [...selfUs].reduce((sum, [name, us]) => (name.startsWith('(idle)') ? sum : sum + us), 0)
  return [...selfUs]
    .sort(([, a], [, b]) => b - a)
    .map(([where, us]) => ({ where, ms: us / 1_000, share: us / busyUs }))
}
