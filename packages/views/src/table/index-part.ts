/**
 * An index of a table: a map whose keys are a tuple of the row followed by the row's key, and whose values are the row's
 * key. A row has an entry for each tuple that it gives, often one; without any it is not in the index. A row that changed
 * without moving still touches its entries, because who read it there has to hear of it.
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
    stage: () => stageIndex(map, (key, row) => entryKeys(table, definition, key, row)),
  }
}

function stageIndex(
  map: string,
  entriesOf: (key: string, row: Json | undefined) => readonly string[],
): StagedPart {
  const removed: string[] = []
  const added: string[] = []
  const addedKeys: string[] = []
  const kept: string[] = []
  const addOne = ({ key, before, after }: RowChange): void => {
    const from = entriesOf(key, before)
    const to = entriesOf(key, after)
    for (const entry of from) if (!to.includes(entry)) removed.push(entry)
    for (const entry of to) {
      if (from.includes(entry)) kept.push(entry)
      else {
        added.push(entry)
        addedKeys.push(key)
      }
    }
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

const NO_ENTRIES: readonly string[] = []

/** A row's entries, each once. */
function entryKeys(
  table: string,
  definition: IndexDefinition,
  key: string,
  row: Json | undefined,
): readonly string[] {
  if (row === undefined) return NO_ENTRIES
  try {
    const tuples = definition.keys(row)
    const entries = tuples.map((tuple) => encodeKey(tuple) + encodeKey([key]))
    return entries.length > 1 ? [...new Set(entries)] : entries
  } catch (error) {
    const what = `Index "${definition.name}" of table "${table}", for the row "${key}",`
    throw functionFailed(what, { view: table, index: definition.name, key }, error)
  }
}
