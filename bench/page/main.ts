/**
 * The bench page: `window.bench(side, options)` runs one side of one figure once and answers with what it measured.
 * Each side is its own chunk, loaded before its clock starts, so that a by-hand side never carries the engine.
 */

/** Runs one sample. */
export type Side = (options: never) => Promise<unknown>

const sides: Readonly<Record<string, () => Promise<Side>>> = {
  memory: async () => (await import('./memory.ts')).measureMemory,
  'task/hand': async () => (await import('../hand/task.ts')).runTask,
  'many/hand': async () => (await import('../hand/many.ts')).appendMany,
  'one/hand': async () => (await import('../hand/one.ts')).appendOne,
  'live/hand': async () => (await import('../hand/live.ts')).liveTotals,
  'open/hand': async () => (await import('../hand/open.ts')).openRows,
  'dump/hand': async () => (await import('../hand/dump.ts')).buildDump,
  'search/hand': async () => (await import('../hand/dump.ts')).searchDump,
  'exchange/hand': async () => (await import('../hand/exchange.ts')).exchange,
  'task/headwater': async () => (await import('../engine/task.ts')).runTask,
  'many/headwater': async () => (await import('../engine/appends.ts')).appendMany,
  'one/headwater': async () => (await import('../engine/appends.ts')).appendOne,
  'fill/headwater': async () => (await import('../engine/fill.ts')).fill,
  'live/headwater': async () => (await import('../engine/live.ts')).liveTotals,
  'open/headwater': async () => (await import('../engine/open.ts')).openRows,
  'search/headwater': async () => (await import('../engine/open.ts')).searchFirst,
  'exchange/headwater': async () => (await import('../engine/exchange.ts')).exchange,
  'sync/fill': async () => (await import('../engine/sync.ts')).fillHub,
  'sync/import': async () => (await import('../engine/sync.ts')).importFile,
  'sync/receive': async () => (await import('../engine/sync.ts')).receive,
  'respond/fill': async () => (await import('../engine/respond.ts')).fillWatched,
  'respond/rebuild': async () => (await import('../engine/respond.ts')).queryWhileRebuilding,
  'respond/write': async () => (await import('../engine/respond.ts')).writeCheckpoint,
  'respond/query': async () => (await import('../engine/respond.ts')).queryUntilStopped,
  'respond/stop': async () => (await import('../engine/respond.ts')).stopQueries,
}

async function bench(name: string, options: unknown): Promise<unknown> {
  const load = sides[name]
  if (load === undefined) throw new Error(`there is no side "${name}"`)
  const side = await load()
  return side(options as never)
}

Object.assign(window, { bench })
