/**
 * An index of a table: a map whose keys are the row's tuple followed by the row's key, and whose values are the row's
 * key. Rows that give no tuple are not in it. A row that changed without moving still touches its entry, because who
 * read it there has to hear of it.
 */
import type { Json } from '@headwater/log'
import type { IndexDefinition } from '../definition.ts'
import type { Part, StagedPart, Write } from '../group/part.ts'
import { encodeKey } from '../key.ts'
import type { RowChange } from '../view.ts'
import { functionFailed } from './failure.ts'

/** What an entry takes beside its key. */
const ENTRY_BYTES = 48

/** The name of an index's entries in dependencies and changes. */
export function indexEntries(name: string): string {
  return `index:${name}`
}

/** One build of an index. */
export function createIndexPart(table: string, definition: IndexDefinition, build: number): Part {
  const entries = indexEntries(definition.name)
  const map = `${entries}#${build}`
  return {
    build,
    entries,
    maps: [map],
    stage: () => stageIndex(map, (key, row) => entryKey(table, definition, key, row)),
  }
}

function stageIndex(
  map: string,
  entryOf: (key: string, row: Json | undefined) => string | undefined,
): StagedPart {
  const removed: string[] = []
  const added: string[] = []
  const addedKeys: string[] = []
  const kept: string[] = []
  const addOne = ({ key, before, after }: RowChange): void => {
    const from = entryOf(key, before)
    const to = entryOf(key, after)
    if (from === to && to !== undefined) kept.push(to)
    if (from === to) return
    if (from !== undefined) removed.push(from)
    if (to === undefined) return
    added.push(to)
    addedKeys.push(key)
  }
  return {
    add: (changes) => {
      for (const change of changes) addOne(change)
    },
    settle: () => undefined,
    install(write: Write) {
      for (const entry of removed) write(map, entry, undefined, ENTRY_BYTES + entry.length)
      for (let i = 0; i < added.length; i++) {
        const entry = added[i]!
        const key = addedKeys[i]!
        write(map, entry, key, ENTRY_BYTES + entry.length + key.length)
      }
    },
    touched: () => [...removed, ...added, ...kept],
  }
}

function entryKey(
  table: string,
  definition: IndexDefinition,
  key: string,
  row: Json | undefined,
): string | undefined {
  if (row === undefined) return undefined
  try {
    const tuple = definition.key(row)
    return tuple === undefined || tuple === null ? undefined : encodeKey(tuple) + encodeKey([key])
  } catch (error) {
    const what = `Index "${definition.name}" of table "${table}", for the row "${key}",`
    throw functionFailed(what, { view: table, index: definition.name, key }, error)
  }
}
