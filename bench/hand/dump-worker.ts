/**
 * A bare MiniSearch dump by hand: one IndexedDB value, loaded whole at the first search. `build` makes and stores it;
 * `search` is what a fresh worker does first, by whichever way of loading it is told.
 */
import MiniSearch, { type Options } from 'minisearch'
import { answerTasks } from '../page/tasks.ts'
import { takeEvents } from '../stream.ts'
import { answered, openStores, putAll } from './storage.ts'

const options: Options = { fields: ['title', 'body'], searchOptions: { boost: { title: 2 } } }
const stores = (): Promise<IDBDatabase> => openStores('dump', ['dumps'])

/** How a dump is turned into an index: at once, or in slices. */
export type Loading = 'loadJSON' | 'loadJSONAsync'

async function build({
  seed,
  documents,
}: {
  readonly seed: number
  readonly documents: number
}): Promise<{ ms: number; chars: number }> {
  const rows = takeEvents(seed, documents, 'opened').map(({ data }) => data)
  const start = performance.now()
  const index = new MiniSearch(options)
  index.addAll(rows)
  const ms = performance.now() - start
  const text = JSON.stringify(index)
  await putAll(await stores(), 'dumps', [['dump', text]])
  return { ms, chars: text.length }
}

async function search({
  loading,
  text,
}: {
  readonly loading: Loading
  readonly text: string
}): Promise<{ keys: string[]; total: number }> {
  const db = await stores()
  const dump = await answered<string>(db.transaction('dumps').objectStore('dumps').get('dump'))
  const index =
    loading === 'loadJSON'
      ? MiniSearch.loadJSON(dump, options)
      : await MiniSearch.loadJSONAsync(dump, options)
  const hits = index.search(text, { combineWith: 'AND', prefix: (_term, i, terms) => i === terms.length - 1 })
  return { keys: hits.slice(0, 20).map(({ id }) => String(id)), total: hits.length }
}

answerTasks({ build, search })
