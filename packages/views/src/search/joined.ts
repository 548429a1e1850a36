/**
 * A table joined with documents: each row has the text of the document whose id is the row's key as one more member, and
 * changes when that does. It stands where the one stands that has come less far, so that what is derived from it is ahead of
 * none.
 */
import type { Json, Offset, StoredEvent } from '@headwater/log'
import { faultOfId } from '../documents/event.ts'
import type { ViewGroup } from '../group/view-group.ts'
import type { TableEntry, TableReader } from '../table/reader.ts'
import type { RowChange } from '../view.ts'

/** A member that is the text of a document. */
export interface JoinedText {
  /** The member's name. */
  readonly field: string
  readonly documents: ViewGroup
}

/** Generations of several sources as one number: none is ever rebuilt a million times. */
const GENERATIONS = 1_048_576

/** The table with its texts. */
export function joinTexts(table: TableReader, texts: readonly JoinedText[]): TableReader {
  if (texts.length === 0) return table
  const sources = texts.map(({ documents }) => documents.reader)
  const plainRows = new WeakMap<object, Json>()
  const positionNow = (): Offset =>
    Math.min(table.position, ...sources.map(({ position }) => position)) as Offset
  const join = async (key: string, row: Json | undefined): Promise<Json | undefined> => {
    if (!isMembers(row)) return row
    const joined = { ...row, ...(await readTexts(key, texts)) }
    plainRows.set(joined, row)
    return joined
  }
  return {
    get position() {
      return positionNow()
    },
    get reached() {
      return Math.max(table.reached, ...sources.map(({ reached }) => reached)) as Offset
    },
    get generation() {
      return sources.reduce((all, { generation }) => all * GENERATIONS + generation, table.generation)
    },
    types: new Set([table, ...sources].flatMap(({ types }) => [...types])),
    get stopped() {
      return [table, ...sources].some(({ stopped }) => stopped)
    },
    get paused() {
      return [table, ...sources].some(({ paused }) => paused)
    },
    keysOf: (event: StoredEvent) => [table, ...sources].flatMap((source) => source.keysOf(event)),
    get: async (keys) => Promise.all((await table.get(keys)).map((row, i) => join(keys[i]!, row))),
    async scan(afterKey, limit) {
      const entries = await table.scan(afterKey, limit)
      return Promise.all(
        entries.map(
          async ({ key, row }): Promise<TableEntry> => ({ key, row: (await join(key, row)) ?? row }),
        ),
      )
    },
    count: () => table.count(),
    plainRow: (row) => (typeof row === 'object' && row !== null ? (plainRows.get(row) ?? row) : row),
    onRowChanges(listener) {
      const stops = [
        table.onRowChanges((changes, _position, all) => listener(changes, positionNow(), all)),
        ...texts.map(({ field, documents }) =>
          documents.reader.onRowChanges((changes, _position, all) =>
            listener(
              changes.map((change) => asTextChange(field, change)),
              positionNow(),
              all,
            ),
          ),
        ),
      ]
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}

async function readTexts(key: string, texts: readonly JoinedText[]): Promise<Readonly<Record<string, Json>>> {
  const members = await Promise.all(
    texts.map(async ({ field, documents }): Promise<readonly [string, Json]> => {
      if (faultOfId(key) !== undefined) return [field, null]
      const { value } = await documents.answer({ view: documents.name, method: 'text', args: [key] })
      return [field, typeof value === 'string' ? value : null]
    }),
  )
  return Object.fromEntries(members)
}

function isMembers(row: Json | undefined): row is { readonly [name: string]: Json } {
  return typeof row === 'object' && row !== null && !Array.isArray(row)
}

/** That a text changed is told; what it says is read when it is wanted. */
function asTextChange(field: string, { key, before, after }: RowChange): RowChange {
  return {
    key,
    before: { [field]: `before ${JSON.stringify(before ?? null)}` },
    after: { [field]: `after ${JSON.stringify(after ?? null)}` },
  }
}
