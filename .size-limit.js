// What an app's user downloads, minified and compressed (brotli), bundled by esbuild straight from the
// sources. What is behind a dynamic import is not counted with the page: it is loaded when it is asked for.
import { resolve, sep } from 'node:path'

const definition = 'defineDatabase, defineEvent, table, aggregate, count, sum'
const headwater = 'packages/headwater/src/index.ts'
const searchFolder = resolve('packages/views/src/search') + sep
const worker = 'packages/headwater/src/worker.ts'

export default [
  {
    name: 'page',
    path: headwater,
    import: `{ openDatabase, ${definition} }`,
    limit: '12 KiB',
    modifyEsbuildConfig: (config) => fromSources(config, [lazyIsOutside]),
  },
  {
    name: 'worker with log, tables and aggregates',
    path: [headwater, worker],
    import: { [headwater]: `{ ${definition} }`, [worker]: '{ serve }' },
    // A guard against growth, not the aim: we want 25 KiB (ARCHITECTURE.md, "Sizes").
    limit: '58.5 KiB',
    modifyEsbuildConfig: (config) => fromSources(config, [lazyIsOutside]),
  },
  {
    name: 'page of a database that syncs',
    path: headwater,
    import: `{ openDatabase, hub, nearby, ${definition} }`,
    limit: '12.75 KiB',
    modifyEsbuildConfig: (config) => fromSources(config, [lazyIsOutside]),
  },
  {
    name: 'syncing, on top of the worker',
    path: 'packages/headwater/src/engine/sync/start.ts',
    import: '*',
    limit: '20.5 KiB',
    modifyEsbuildConfig: (config) => fromSources(config, [besideLogAndViews]),
  },
  {
    name: 'SHA-256 in WebAssembly, loaded by who syncs or imports',
    path: 'packages/log/src/sha256-wasm.ts',
    import: '*',
    limit: '6 KiB',
    modifyEsbuildConfig: (config) => fromSources(config, []),
  },
  {
    name: 'documents, on top of the worker, with Yjs',
    path: 'packages/views/src/documents/runtime.ts',
    import: '*',
    limit: '27.8 KiB',
    modifyEsbuildConfig: (config) => fromSources(config, [besideLogAndViews, lazyIsOutside]),
  },
  {
    name: 'documents, on a page that opens one, with Yjs',
    path: 'packages/headwater/src/documents/open.ts',
    import: '*',
    limit: '25 KiB',
    modifyEsbuildConfig: (config) => fromSources(config, []),
  },
  {
    name: 'search, on top of the worker',
    path: 'packages/views/src/search/index.ts',
    import: '*',
    // A guard against growth, not the aim: we want 12 KiB.
    limit: '14 KiB',
    modifyEsbuildConfig: (config) => fromSources(config, [onlySearch]),
  },
]

function fromSources(config, plugins) {
  const conditions = ['@headwater/source', 'import', 'browser']
  return { ...config, format: 'esm', platform: 'browser', target: 'es2023', conditions, plugins }
}

const lazyIsOutside = {
  name: 'lazy is outside',
  setup(build) {
    build.onResolve({ filter: /.*/ }, (args) =>
      args.kind === 'dynamic-import' ? { path: args.path, external: true } : undefined,
    )
  },
}

/** Leaves out what the worker has loaded anyway: the log and the views; replication is loaded with syncing. */
const besideLogAndViews = {
  name: 'beside the log and the views',
  setup(build) {
    build.onResolve({ filter: /^(@headwater\/(log|views)|idb$|@noble\/)/ }, ({ path }) => ({
      path,
      external: true,
      sideEffects: false,
    }))
  },
}

/** Leaves out what the worker has loaded anyway: the log and the other views. */
const onlySearch = {
  name: 'only search',
  setup(build) {
    build.onResolve({ filter: /^(@headwater\/|idb$|\.)/ }, ({ path, importer, resolveDir }) => {
      const isEntry = !importer.includes(searchFolder)
      const isOurs = path.startsWith('.') && resolve(resolveDir, path).startsWith(searchFolder)
      return isEntry || isOurs ? undefined : { path, external: true, sideEffects: false }
    })
  },
}
